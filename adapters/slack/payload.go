package slack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"communitybot/bot"
)

// Slack's payloads, as far as the bot reads them: they are large, and every one is decoded while a person waits.

// slashCommand is a typed command.
// https://docs.slack.dev/interactivity/implementing-slash-commands
type slashCommand struct {
	team, channel, user, userName, command, text, trigger string
}

// unescape undoes what Slack escapes in text it passes on.
var unescape = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace

func readSlash(form url.Values) (slashCommand, error) {
	s := slashCommand{
		team:     form.Get("team_id"),
		channel:  form.Get("channel_id"),
		user:     form.Get("user_id"),
		userName: form.Get("user_name"),
		command:  strings.TrimPrefix(form.Get("command"), "/"),
		text:     strings.TrimSpace(unescape(form.Get("text"))),
		trigger:  form.Get("trigger_id"),
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
		ID:   "slack:trigger:" + s.trigger,
		By:   bot.User{Platform: platform, ID: s.user, Name: s.userName},
		At:   bot.Place{Platform: platform, Tenant: s.team, Channel: s.channel},
	}
	if s.text != "" {
		e.Values = bot.Values{"text": s.text}
	}
	return e
}

// interaction is a pressed button or a sent form.
// https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Type        string `json:"type"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	User        struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
		TeamID   string `json:"team_id"`
	} `json:"user"`
	Team struct { // null when the app is installed for a whole organisation
		ID string `json:"id"`
	} `json:"team"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct { // what the button is in
		Type        string `json:"type"`
		MessageTS   string `json:"message_ts"`
		ChannelID   string `json:"channel_id"`
		IsEphemeral bool   `json:"is_ephemeral"` // only the one who pressed sees it
	} `json:"container"`
	Actions []struct {
		Value string `json:"value"`
	} `json:"actions"`
	View view `json:"view"`
}

func readInteraction(payload string) (interaction, error) {
	var p interaction
	if err := json.Unmarshal([]byte(payload), &p); err != nil {
		return p, fmt.Errorf("payload: %w", withoutContent(err))
	}
	switch {
	case p.Type == "":
		return p, errors.New("a payload without type")
	case p.Type == buttonPressed && (p.User.ID == "" || p.TriggerID == "" || len(p.Actions) == 0):
		return p, errors.New("a block action without user, trigger_id or actions")
	case p.Type == formSent && (p.User.ID == "" || p.View.ID == ""):
		return p, errors.New("a view submission without user or view")
	}
	return p, nil
}

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

// pressed returns the event of a pressed button. A button that is not one of ours is an Invalid error.
func (p interaction) pressed() (bot.Event, error) {
	// In what comes back from messages Slack may escape & (https://github.com/slackapi/bolt-python/issues/513), and
	// a call as text never holds "&amp;" of its own.
	call, err := bot.ParseCall(unescape(p.Actions[0].Value))
	if err != nil {
		return bot.Event{}, err
	}
	e := bot.Event{Call: call, Step: bot.Open, ID: "slack:trigger:" + p.TriggerID, By: p.by(), At: p.place()}
	if p.inView() {
		_, e.At, err = readMetadata(p.View.PrivateMetadata)
	}
	return e, err
}

// inView reports whether the button is in a view, not in a message.
func (p interaction) inView() bool { return p.Container.Type == "view" }

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
