package slackfake

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// verification is the deprecated token in every payload.
const verification = "fake-verification-token"

// commandForm is a typed slash command.
// https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling
func (f *Fake) commandForm(c *channel, user, command, text string) url.Values {
	return url.Values{
		"token":                 {verification},
		"team_id":               {f.TeamID},
		"team_domain":           {domain},
		"channel_id":            {c.ID},
		"channel_name":          {c.Name},
		"user_id":               {user},
		"user_name":             {f.users[user]},
		"command":               {command},
		"text":                  {text},
		"api_app_id":            {appID},
		"is_enterprise_install": {"false"},
		"response_url":          {f.newResponse("commands", c, user, nil)},
		"trigger_id":            {f.newTrigger(user)},
	}
}

// interaction is what all interaction payloads have.
func (f *Fake) interaction(kind, user string) object {
	p := object{
		"type":                  kind,
		"token":                 verification,
		"team":                  object{"id": f.TeamID, "domain": domain},
		"user":                  object{"id": user, "username": f.users[user], "name": f.users[user], "team_id": f.teamOf(user)},
		"api_app_id":            appID,
		"enterprise":            nil,
		"is_enterprise_install": false,
	}
	if f.Organisation != "" {
		p["enterprise"] = object{"id": f.Organisation, "name": f.Organisation}
	}
	return p
}

// actionPayload is a click in a message. A private message is not in its payload, as on Slack.
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
func (f *Fake) actionPayload(user string, m *message, used part, action object) object {
	p := f.interaction("block_actions", user)
	container := object{"type": "message", "message_ts": m.ts, "channel_id": m.channel.ID, "is_ephemeral": m.only != ""}
	if used.attachment > 0 {
		container["type"], container["attachment_id"], container["is_app_unfurl"] = "message_attachment", used.attachment, false
	}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	}
	action["action_ts"] = f.newTS()
	p["container"] = container
	p["channel"] = object{"id": m.channel.ID, "name": channelName(m.channel)}
	if m.only == "" {
		p["message"] = f.payload(m, true)
	}
	p["actions"] = []object{action}
	p["state"] = object{"values": m.state}
	p["trigger_id"] = f.newTrigger(user)
	p["response_url"] = f.newResponse("actions", m.channel, user, m)
	return p
}

// viewActionPayload is a click in an open form. It has neither a channel nor a response_url.
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
func (f *Fake) viewActionPayload(v *view, action object) object {
	p := f.interaction("block_actions", v.user)
	action["action_ts"] = f.newTS()
	p["container"] = object{"type": "view", "view_id": v.id}
	p["view"] = f.viewPayload(v)
	p["actions"] = []object{action}
	p["trigger_id"] = f.newTrigger(v.user)
	return p
}

func channelName(c *channel) string {
	if c.im != "" {
		return "directmessage"
	}
	return c.Name
}

// submission is a sent form, closure one that was closed.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
func (f *Fake) submission(v *view) object {
	p := f.interaction("view_submission", v.user)
	p["team"] = object{"id": f.teamOf(v.user), "domain": domain} // the person's, not the app's
	p["trigger_id"] = f.newTrigger(v.user)
	p["view"] = f.viewPayload(v)
	p["response_urls"] = []object{}
	return p
}

func (f *Fake) closure(v *view) object {
	p := f.interaction("view_closed", v.user)
	p["view"] = f.viewPayload(v)
	p["is_cleared"] = false
	return p
}

// interactionForm is a payload as it is delivered.
func interactionForm(payload object) (url.Values, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("slackfake: %w", err)
	}
	return url.Values{"payload": {string(body)}}, nil
}
