package slack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"communitybot/bot"
	"communitybot/bot/skim"
	"communitybot/bot/words"
)

// Slack's payloads, as far as the bot reads them: they are large, and every one is decoded while a person waits.

// slashCommand is a typed command.
// https://docs.slack.dev/interactivity/implementing-slash-commands
type slashCommand struct {
	team, channel, user, userName, command, text, trigger, responseURL string
}

// unescape undoes what Slack escapes in text it passes on.
var unescape = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace

func readSlash(form url.Values) (slashCommand, error) {
	s := slashCommand{
		team:        form.Get("team_id"),
		channel:     form.Get("channel_id"),
		user:        form.Get("user_id"),
		userName:    form.Get("user_name"),
		command:     strings.TrimPrefix(form.Get("command"), "/"),
		text:        strings.TrimSpace(unescape(form.Get("text"))),
		trigger:     form.Get("trigger_id"),
		responseURL: form.Get("response_url"),
	}
	if s.command == "" || s.trigger == "" || s.user == "" || s.team == "" || s.channel == "" {
		return s, errors.New("a slash command without command, trigger_id, user_id, team_id or channel_id")
	}
	return s, nil
}

func (s slashCommand) event() bot.Event {
	e := bot.Event{
		Call: bot.Call{Command: s.command},
		Step: bot.Open,
		ID:   triggered(s.trigger),
		By:   bot.User{Platform: platform, ID: s.user, Name: s.userName},
		At:   bot.Place{Platform: platform, Tenant: s.team, Channel: s.channel},
	}
	if s.text != "" {
		e.Values = bot.Values{"text": s.text}
	}
	return e
}

// interaction is a pressed button, a sent form, a field that was filled in, a menu that is typed in, or a shortcut.
// https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Type        string
	TriggerID   string
	ResponseURL string
	CallbackID  string // of a shortcut
	BlockID     string // of the menu that is typed in
	Value       string // what was typed
	User        struct{ ID, Name, Username, TeamID string }
	Team        struct{ ID string } // null when the app is installed for a whole organisation
	Enterprise  struct{ ID string } // that the app is installed in; null when it is none
	Channel     struct{ ID string }
	Container   struct { // what the button is in
		Type        string
		MessageTS   string
		ChannelID   string
		IsEphemeral bool // only the one who pressed sees it
	}
	Actions []action
	Message struct{ Text string }
	View    view
}

// action is a button that was pressed, or a field that was filled in.
type action struct {
	BlockID string
	Value   string
	At      string // when it happened
	Text    string // on the button
}

func readInteraction(payload []byte) (interaction, error) {
	var p interaction
	r := skim.New(payload, maxDepth)
	p.read(r)
	if err := r.End(); err != nil {
		return p, fmt.Errorf("payload: %w", err)
	}
	switch {
	case p.Type == "":
		return p, errors.New("a payload without type")
	case p.Type == buttonPressed && (p.User.ID == "" || p.TriggerID == "" || len(p.Actions) == 0):
		return p, errors.New("a block action without user, trigger_id or actions")
	case p.Type == formSent && (p.User.ID == "" || p.View.ID == ""):
		return p, errors.New("a view submission without user or view")
	case p.Type == menuTypedIn && (p.User.ID == "" || p.View.ID == "" || p.BlockID == ""):
		return p, errors.New("a block suggestion without user, view or block_id")
	case p.Type == shortcutUsed && (p.User.ID == "" || p.TriggerID == "" || p.CallbackID == "" || p.Channel.ID == ""):
		return p, errors.New("a message action without user, trigger_id, callback_id or channel")
	}
	return p, nil
}

// event is what happened without anybody asking for an answer.
// https://docs.slack.dev/apis/events-api/#event-type-structure
type event struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	TeamID    string `json:"team_id"`
	EventID   string `json:"event_id"`
	Event     struct {
		Type string `json:"type"`
		User string `json:"user"`
		Tab  string `json:"tab"`
	} `json:"event"`
}

func readEvent(body []byte) (event, error) {
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		return e, fmt.Errorf("event: %w", withoutContent(err))
	}
	return e, nil
}

// opened returns the event of somebody who opened their home.
func (e event) opened() bot.Event {
	return bot.Event{
		Call: bot.Call{Command: bot.Home},
		Step: bot.Open,
		ID:   "slack:event:" + e.EventID,
		By:   bot.User{Platform: platform, ID: e.Event.User},
		At:   bot.Place{Platform: platform, Tenant: e.TeamID},
	}
}

// triggered is the ID of an event that came with a trigger.
func triggered(trigger string) string { return "slack:trigger:" + trigger }

// withoutContent keeps what people wrote out of errors: encoding/json quotes the value that did not fit.
func withoutContent(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return fmt.Errorf("%s is not a %s", wrongType.Field, wrongType.Type)
	}
	return err
}

func (p interaction) by() bot.User {
	return bot.User{Platform: platform, ID: p.User.ID, Name: cmp.Or(p.User.Name, p.User.Username)}
}

// pressed returns the event of a button that somebody pressed. A button that is not one of ours is an Invalid error; the
// event says who pressed it even so.
func (p interaction) pressed(by bot.User) (bot.Event, error) {
	// In what comes back from messages Slack may escape & (https://github.com/slackapi/bolt-python/issues/513), and
	// a call as text never holds "&amp;" of its own.
	call, err := bot.ParseCall(unescape(p.Actions[0].Value))
	if err != nil {
		return bot.Event{By: by}, unusable(words.For(by.Locale).Chat.UnknownButton, err)
	}
	e := bot.Event{Call: call, Step: bot.Open, ID: triggered(p.TriggerID), By: by, At: p.place()}
	if p.inView() && p.View.Type != homeView {
		if _, e.At, err = p.began(); err != nil {
			return e, unusable(words.For(by.Locale).Chat.UnknownForm, err)
		}
	}
	return e, nil
}

// unusable is the error of what is not one of ours (any more), with words for people.
func unusable(message string, err error) error {
	return &bot.Error{Code: bot.Invalid, Message: message, Err: err}
}

// inView reports whether the button is in a view, not in a message.
func (p interaction) inView() bool { return p.Container.Type == "view" }

// inField reports whether it was not a button, but a field of a form that leads others.
func (p interaction) inField() bool {
	return p.inView() && slices.ContainsFunc(p.View.Blocks, func(b block) bool {
		return b.Type == "input" && b.BlockID == p.Actions[0].BlockID
	})
}

// place returns where a button's message is: the message itself, when it is a card that others see too.
func (p interaction) place() bot.Place {
	at := bot.Place{
		Platform: platform,
		Tenant:   cmp.Or(p.Team.ID, p.User.TeamID),
		Channel:  cmp.Or(p.Container.ChannelID, p.Channel.ID),
	}
	if !p.Container.IsEphemeral {
		at.Message = p.Container.MessageTS
	}
	return at
}
