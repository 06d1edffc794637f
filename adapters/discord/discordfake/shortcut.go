package discordfake

import (
	"context"
	"fmt"

	"communitybot/adapters/person"
)

// Write posts a message of a person in a channel or a thread, and returns its ID. It notifies the people it mentions.
func (f *Fake) Write(_ context.Context, who, channel, text string) (string, error) {
	f.mu.Lock()
	defer f.announce()
	u, ch, err := f.at(who, channel)
	if err != nil {
		return "", err
	}
	var check checker
	check.between("content", text, 1, 2000)
	if problem := check.err(); problem != nil {
		return "", problem
	}
	m := f.post(ch, u, &messageBody{Content: optional[string]{set: true, value: text}})
	f.notify(m, nil, onlyUsers)
	return m.ID, nil
}

// chosenCommand is the data of a command chosen in the menu of a message.
//
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-application-command-data-structure
type chosenCommand struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Type     int      `json:"type"`
	GuildID  string   `json:"guild_id,omitempty"`
	Target   string   `json:"target_id"`
	Resolved resolved `json:"resolved"`
}

type resolved struct {
	Messages map[string]*message `json:"messages"`
}

// Shortcut chooses a message command, by its name in the person's language or the one it was registered by, in the menu
// of a message. Private messages have none there.
func (f *Fake) Shortcut(ctx context.Context, who, message, name string) (person.Screen, error) {
	in, err := f.choosing(who, message, name)
	if err != nil {
		return person.Screen{}, err
	}
	return f.act(ctx, in)
}

func (f *Fake) choosing(who, id, name string) (*interaction, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, m := f.users[who], f.messages[id]
	switch {
	case u == nil || u.Bot:
		return nil, fmt.Errorf("discordfake: no user %s", who)
	case m == nil || m.only != nil:
		return nil, fmt.Errorf("discordfake: %s sees no message %s that has a menu", who, id)
	}
	ch := f.channels[m.ChannelID]
	x := f.command(u, ch, commandMessage, name)
	if x == nil {
		return nil, fmt.Errorf("discordfake: messages have no command %q here", name)
	}
	return &interaction{kind: kindCommand, who: u, channel: ch, data: &chosenCommand{
		ID: x.ID, Name: x.Name, Type: commandMessage, GuildID: x.GuildID, Target: id,
		Resolved: resolved{Messages: map[string]*message{id: f.shown(m)}},
	}}, nil
}
