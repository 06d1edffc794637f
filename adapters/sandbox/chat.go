package sandbox

import (
	"fmt"
	"net/url"
	"strings"

	"communitybot/adapters/person"
)

// chat is a platform of the sandbox.
type chat struct {
	person.Window
	Name    string // in addresses: "slack"
	Title   string // on the page: "Slack"
	Example string // a line that is worth typing
	Tabs    []tab
	route   string // of the bot, where what people do is delivered
	connect func(url string)

	ids    map[string]string // of people, by name
	names  map[string]string // of people, groups and channels, by ID
	faults *faults
	keys   map[string]verb                   // what can be done here beside what person.Chat has
	onText func(who string) (named []string) // the bot's shortcuts for messages
}

// tab is a place in a chat that somebody can look at.
type tab struct {
	Name  string // in addresses
	Title string
	place string // a channel's ID; "" for the conversation with the bot, and for the home
}

// The tabs beside the channels.
const (
	directTab = "bot"
	homeTab   = "home"
)

func (c *chat) know(name, id string) {
	c.ids[name], c.names[id] = id, name
}

// id returns the platform's ID of a person.
func (c *chat) id(name string) (string, error) {
	if id, known := c.ids[name]; known {
		return id, nil
	}
	var names []string
	for _, p := range people {
		names = append(names, p.Name)
	}
	return "", notFound(fmt.Sprintf("Nobody here is called %q. There are %s.", name, strings.Join(names, ", ")))
}

// place returns the ID of what a tab shows to somebody; "" names the first one.
func (c *chat) place(who, name string) (string, error) {
	if name == directTab {
		return "@" + who, nil
	}
	for _, t := range c.Tabs {
		if t.place != "" && (t.Name == name || name == "") {
			return t.place, nil
		}
	}
	return "", notFound(fmt.Sprintf("There is no channel %q on %s.", name, c.Title))
}

// chat returns the platform of that name.
func (s *Sandbox) chat(name string) (*chat, error) {
	for _, c := range s.chats {
		if c.Name == name {
			return c, nil
		}
	}
	return nil, notFound("There is no such chat. There are slack and discord.")
}

// shortcuts returns what the bot offers to do with a message: one that a person wrote.
func (c *chat) shortcuts(m person.Sent, who string) []string {
	if _, known := c.ids[m.Author]; !known || m.Private {
		return nil
	}
	return c.onText(who)
}

// connectTo tells the chats where the bot is, by the root of its URLs. It does not call the bot.
func (s *Sandbox) connectTo(botURL string) error {
	u, err := url.Parse(botURL)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return fmt.Errorf("can't connect the sandbox: %q is not the URL of a bot", botURL)
	}
	for _, c := range s.chats {
		c.connect(strings.TrimSuffix(botURL, "/") + c.route)
	}
	return nil
}
