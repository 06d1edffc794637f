package slackfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"communitybot/adapters/person"
)

// manifest is an app's manifest, as far as it makes a difference here.
// https://docs.slack.dev/reference/app-manifest
type manifest struct {
	Display struct {
		Name string `json:"name"`
	} `json:"display_information"`
	Features struct {
		AppHome struct {
			HomeTab bool `json:"home_tab_enabled"`
		} `json:"app_home"`
		Commands []struct {
			Command     string `json:"command"`
			Description string `json:"description"`
			UsageHint   string `json:"usage_hint"`
			URL         string `json:"url"`
		} `json:"slash_commands"`
		Shortcuts []struct {
			Name        string `json:"name"`
			Type        string `json:"type"`
			CallbackID  string `json:"callback_id"`
			Description string `json:"description"`
		} `json:"shortcuts"`
	} `json:"features"`
	Settings struct {
		SocketMode    bool `json:"socket_mode_enabled"`
		Interactivity struct {
			Enabled    bool   `json:"is_enabled"`
			RequestURL string `json:"request_url"`
			OptionsURL string `json:"message_menu_options_url"`
		} `json:"interactivity"`
		Events struct {
			RequestURL string   `json:"request_url"`
			Bot        []string `json:"bot_events"`
		} `json:"event_subscriptions"`
	} `json:"settings"`
}

// messageShortcut is the type of a shortcut that is used on a message.
const messageShortcut = "message"

// Install makes the app what its manifest says: which shortcuts it has, and whether there is a Home tab. Without one there
// are no shortcuts, and nothing else is missing. A manifest that breaks a rule of Slack's is an error that names all.
func (f *Fake) Install(appManifest []byte) error {
	var m manifest
	if err := json.Unmarshal(appManifest, &m); err != nil {
		return fmt.Errorf("slackfake: manifest: %w", err)
	}
	if broken := m.check(); len(broken) > 0 {
		return fmt.Errorf("slackfake: manifest: %s", strings.Join(broken, "; "))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.manifest = &m
	f.tick()
	return nil
}

// check returns the rules that a manifest breaks. What Slack sends needs an address, unless it goes by Socket Mode.
func (m *manifest) check() []string {
	var c checker
	address := func(pointer, url string, needed bool) {
		if needed || url != "" {
			c.link(pointer, object{"url": url}, "url", !m.Settings.SocketMode)
		}
	}
	c.length("/display_information/name", m.Display.Name, 1, 35)
	for i, s := range m.Features.Commands {
		pointer := at("/features/slash_commands", i)
		if !strings.HasPrefix(s.Command, "/") {
			c.add(at(pointer, "command"), "must start with a slash")
		}
		c.length(at(pointer, "command"), s.Command, 2, 32)
		c.length(at(pointer, "description"), s.Description, 1, 2000)
		c.length(at(pointer, "usage_hint"), s.UsageHint, 0, 1000)
		address(pointer, s.URL, true)
	}
	c.items("/features/shortcuts", len(m.Features.Shortcuts), 0, 10)
	for i, s := range m.Features.Shortcuts {
		pointer := at("/features/shortcuts", i)
		c.length(at(pointer, "name"), s.Name, 1, 24)
		c.length(at(pointer, "callback_id"), s.CallbackID, 1, 255)
		c.length(at(pointer, "description"), s.Description, 1, 150)
		if s.Type != messageShortcut && s.Type != "global" {
			c.add(at(pointer, "type"), "must be one of message, global")
		}
	}
	if len(m.Features.Shortcuts) > 0 && !m.Settings.Interactivity.Enabled {
		c.add("/settings/interactivity/is_enabled", "shortcuts need interactivity")
	}
	address("/settings/interactivity/request_url", m.Settings.Interactivity.RequestURL, m.Settings.Interactivity.Enabled)
	address("/settings/interactivity/message_menu_options_url", m.Settings.Interactivity.OptionsURL, false)
	address("/settings/event_subscriptions/request_url", m.Settings.Events.RequestURL, len(m.Settings.Events.Bot) > 0)
	return c.broken
}

// shortcut returns the callback ID of a message shortcut.
func (m *manifest) shortcut(name string) (callback string, known bool) {
	if m == nil {
		return "", false
	}
	for _, s := range m.Features.Shortcuts {
		if s.Name == name && s.Type == messageShortcut {
			return s.CallbackID, true
		}
	}
	return "", false
}

// Commands returns the slash commands of the installed manifest, in its order; none without a manifest. They are the same
// for everybody: an app has them in one language.
func (f *Fake) Commands(string) []person.Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.manifest == nil {
		return nil
	}
	var offered []person.Command
	for _, c := range f.manifest.Features.Commands {
		offered = append(offered, person.Command{Name: strings.TrimPrefix(c.Command, "/"), About: c.Description, Hint: c.UsageHint})
	}
	return offered
}

// command says whether there is a slash command, such as "/create-community".
func (m *manifest) command(name string) bool {
	for _, c := range m.Features.Commands {
		if c.Command == name {
			return true
		}
	}
	return false
}

func (m *manifest) hasHome() bool {
	return m.Features.AppHome.HomeTab && slices.Contains(m.Settings.Events.Bot, "app_home_opened")
}

// loadsOptions reports whether search menus can ask for options.
func (m *manifest) loadsOptions() bool {
	return m.Settings.SocketMode || m.Settings.Interactivity.OptionsURL != ""
}
