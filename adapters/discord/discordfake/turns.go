package discordfake

import (
	"encoding/json"

	"communitybot/adapters/person"
)

// token returns the token of the interaction that an exchange brings or answers.
func (x Exchange) token() string {
	if !x.Delivery {
		return tokenPattern.FindString(x.Path)
	}
	var in struct{ Token string }
	_ = json.Unmarshal(x.Body, &in) // tests deliver what is no interaction
	return in.Token
}

// drawn returns the message that an answered call of the bot posted or changed.
func (e *entry) drawn(answer []byte) string {
	switch e.What {
	case "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}",
		"POST /webhooks/{app}/{token}", "PATCH /webhooks/{app}/{token}/messages/{message}":
		var m struct{ ID string }
		_ = json.Unmarshal(answer, &m) // without an answer nobody knows
		return m.ID
	}
	return ""
}

// place says how an exchange hangs together with others: a form that was sent came with the answer to what opened it.
func (e *entry) place(x *person.Exchange) {
	if e.draws != "" {
		x.Draws = append(x.Draws, e.draws)
	}
	in := e.part
	if in == nil {
		return
	}
	x.Turns = append(x.Turns, in.id)
	if in.opener != nil {
		x.Turns = append(x.Turns, in.opener.id)
	}
	if !e.Delivery {
		return
	}
	if in.kind == kindComponent {
		x.Uses = in.source.ID
	}
	if in.original != nil {
		x.Draws = append(x.Draws, in.original.ID)
	}
}
