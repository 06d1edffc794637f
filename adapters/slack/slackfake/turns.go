package slackfake

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"
)

// place notes what a request is part of, before secrets are masked: response URLs are among what joins them.
func (x *logged) place() {
	switch {
	case x.Delivery:
		x.placeDelivery()
	case x.Method == "response_url":
		x.turn(path.Base(x.path))
	default:
		x.turn(x.Arg("trigger_id"), x.Arg("view_id"))
	}
}

func (x *logged) placeDelivery() {
	form, err := url.ParseQuery(x.Body)
	if err != nil {
		return // an event: nobody acts
	}
	var p struct {
		Trigger   string                    `json:"trigger_id"`
		Response  string                    `json:"response_url"`
		View      struct{ ID, Type string } `json:"view"`
		Container struct {
			Message string `json:"message_ts"`
		} `json:"container"`
	}
	_ = json.Unmarshal([]byte(form.Get("payload")), &p) // a command has none, and tests deliver what is none
	x.turn(form.Get("trigger_id"), p.Trigger)
	for _, address := range []string{form.Get("response_url"), p.Response} {
		if address != "" {
			x.turn(path.Base(address))
		}
	}
	if p.View.Type == "modal" {
		x.turn(p.View.ID)
	}
	x.uses = p.Container.Message
}

// placeAnswer notes what the answer to a call of the bot adds to it: the form that it opened, the message that it drew.
func (x *logged) placeAnswer(body []byte) {
	var a struct {
		TS      string
		Message string                    `json:"message_ts"`
		View    struct{ ID, Type string } `json:"view"`
	}
	if x.Delivery || json.Unmarshal(body, &a) != nil {
		return
	}
	if a.View.Type == "modal" {
		x.turn(a.View.ID)
	}
	if strings.HasPrefix(x.Method, "chat.") {
		x.draw(a.TS, a.Message)
	}
}

func (x *logged) turn(ids ...string) { x.turns = appendEach(x.turns, ids) }

func (x *logged) draw(ids ...string) { x.draws = appendEach(x.draws, ids) }

// appendEach appends those that are not empty.
func appendEach(to, ids []string) []string {
	for _, id := range ids {
		if id != "" {
			to = append(to, id)
		}
	}
	return to
}
