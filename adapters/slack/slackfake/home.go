package slackfake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"communitybot/adapters/person"
)

// Home opens the Home tab of the bot's App Home and returns what a person sees there a moment later: each
// part between dividers as a message of its own, the ID of which Press takes. A bot that fails leaves what was there.
// https://docs.slack.dev/surfaces/app-home
func (f *Fake) Home(ctx context.Context, who string) ([]person.Message, error) {
	event, err := f.homeOpened(who)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	before := f.seq
	f.mu.Unlock()
	a, _, err := f.deliverEvent(ctx, event)
	if ctx.Err() != nil {
		return nil, err
	}
	if err == nil && a.status == http.StatusOK {
		glimpse(ctx, func() bool { return f.homeChanged(who, before) })
	}
	return f.ReadHome(who), nil
}

// ReadHome returns what somebody who has the Home tab open sees there by now.
func (f *Fake) ReadHome(who string) []person.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.homes[who]
	if v == nil {
		return nil
	}
	var seen []person.Message
	for i, blocks := range v.parts() {
		seen = append(seen, f.homePart(v, i, blocks))
	}
	return seen
}

// LookHome returns what ReadHome does with what was sent: the Home tab with the view as its Payload, and in its Thread
// the parts, each with its blocks. It is nil before the bot has published one.
func (f *Fake) LookHome(who string) *person.Sent {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.homes[who]
	if v == nil {
		return nil
	}
	published := moment(v.hash)
	home := &person.Sent{
		Message: person.Message{ID: v.id, Author: botName, Private: true}, Payload: asJSON(f.viewPayload(v)), At: published,
	}
	for i, blocks := range v.parts() {
		payload := asJSON(object{"blocks": append([]any{}, blocks...)})
		home.Thread = append(home.Thread, person.Sent{Message: f.homePart(v, i, blocks), Payload: payload, At: published})
	}
	return home
}

// homePart shows a part of the Home tab.
func (f *Fake) homePart(v *view, i int, blocks []any) person.Message {
	p := painter{f: f}
	p.blocks(blocks, v.state)
	return person.Message{
		ID: v.id + "/" + strconv.Itoa(i+1), Author: botName, Text: strings.Join(p.lines, "\n"),
		Buttons: p.buttons, Menus: p.menus, Images: p.images, Links: p.links, Private: true,
	}
}

func (f *Fake) homeChanged(who string, before int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	home := f.homes[who]
	return home != nil && home.changed > before
}

// parts returns the blocks of a view, parted by its dividers.
func (v *view) parts() [][]any {
	parts := [][]any{nil}
	for _, b := range list(v.sent["blocks"]) {
		if str(b, "type") == "divider" {
			parts = append(parts, nil)
			continue
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], b)
	}
	return parts
}

// part returns the blocks of the part that ReadHome gave that ID.
func (v *view) part(id string) []any {
	parts := v.parts()
	n, err := strconv.Atoi(strings.TrimPrefix(id, v.id+"/"))
	if err != nil || n < 1 || n > len(parts) {
		return nil
	}
	return parts[n-1]
}

// homeOpened is the event that somebody opened the Home tab.
// https://docs.slack.dev/reference/events/app_home_opened
func (f *Fake) homeOpened(who string) (object, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users[who] == "" {
		return nil, fmt.Errorf("slackfake: nobody is called %q", who)
	}
	if f.manifest != nil && !f.manifest.hasHome() {
		return nil, errors.New("slackfake: the manifest switches no Home tab on, or does not subscribe to app_home_opened")
	}
	event := object{
		"type": "app_home_opened", "user": who, "channel": f.direct(who).ID, "tab": "home", "event_ts": f.newTS(),
	}
	if v := f.homes[who]; v != nil {
		event["view"] = f.viewPayload(v)
	}
	return f.event(event), nil
}

// event is what goes around every event.
func (f *Fake) event(inner object) object {
	return object{
		"type": "event_callback", "token": verification, "team_id": f.TeamID, "api_app_id": appID,
		"event_id": newID("Ev"), "event_time": f.Now().Unix(), "event": inner, "is_ext_shared_channel": false,
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": f.TeamID, "user_id": botUser, "is_bot": true, "is_enterprise_install": false,
		}},
	}
}
