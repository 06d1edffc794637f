package slackfake

import (
	"encoding/json"
	"slices"
)

// Limits of views. https://docs.slack.dev/reference/methods/views.open, https://docs.slack.dev/surfaces/modals
const (
	maxViewSize  = 250 * 1024 // bytes
	maxViewStack = 3
)

// viewPrefix is how IDs of views begin.
const viewPrefix = "V"

// view is an open modal, or somebody's App Home.
type view struct {
	id, hash       string
	user           string
	root, previous string
	sent           object // as the bot sent it, with the IDs that Slack adds
	state          formState
	problems       map[string]string // by block ID, as the bot answered them
	changed        int
}

// viewOf reads and checks the view in a request.
func viewOf(v any, kind string) (object, error) {
	sent, isObject := v.(object)
	if !isObject {
		return nil, refusal("invalid_arguments", "missing required field: view")
	}
	if body, err := json.Marshal(sent); err != nil || len(body) > maxViewSize {
		return nil, refusal("view_too_large")
	}
	if messages := checkView(sent, kind); len(messages) > 0 {
		return nil, refusal("invalid_arguments", append([]string{"failed to match all allowed schemas [json-pointer:/view]"}, messages...)...)
	}
	complete(list(sent["blocks"]))
	return sent, nil
}

// show makes an open view out of what was sent.
func (f *Fake) show(user string, sent object) *view {
	v := &view{id: newID(viewPrefix), user: user, hash: f.newTS(), sent: sent, changed: f.tick()}
	v.root = v.id
	v.state = initialState(list(sent["blocks"]), nil)
	return v
}

func (f *Fake) viewsOpen(a args) (object, error) {
	sent, err := viewOf(a.value("view"), "modal")
	if err != nil {
		return nil, err
	}
	if f.externalID(str(sent, "external_id")) != nil {
		return nil, refusal("duplicate_external_id")
	}
	user, err := f.exchange(a.str("trigger_id"))
	if err != nil {
		return nil, err
	}
	v := f.show(user, sent)
	f.stacks[user] = []*view{v}
	return object{"view": f.viewPayload(v)}, nil
}

func (f *Fake) viewsPush(a args) (object, error) {
	sent, err := viewOf(a.value("view"), "modal")
	if err != nil {
		return nil, err
	}
	user, err := f.exchange(a.str("trigger_id"))
	if err != nil {
		return nil, err
	}
	v, err := f.push(user, sent)
	if err != nil {
		return nil, err
	}
	return object{"view": f.viewPayload(v)}, nil
}

// push puts a view on top of the one a person sees.
func (f *Fake) push(user string, sent object) (*view, error) {
	stack := f.stacks[user]
	switch {
	case len(stack) == 0:
		return nil, refusal("not_found")
	case len(stack) >= maxViewStack:
		return nil, refusal("push_limit_reached")
	}
	v := f.show(user, sent)
	v.root, v.previous = stack[0].id, stack[len(stack)-1].id
	f.stacks[user] = append(stack, v)
	return v, nil
}

func (f *Fake) viewsUpdate(a args) (object, error) {
	v := f.openView(a.str("view_id"))
	if v == nil && a.has("external_id") {
		v = f.externalID(a.str("external_id"))
	}
	if v == nil {
		return nil, refusal("not_found")
	}
	sent, err := viewOf(a.value("view"), str(v.sent, "type"))
	if err != nil {
		return nil, err
	}
	if a.has("hash") && a.str("hash") != v.hash {
		return nil, refusal("hash_conflict")
	}
	f.replace(v, sent)
	return object{"view": f.viewPayload(v)}, nil
}

// replace puts new content into an open view. What was typed stays in the fields that are still there.
func (f *Fake) replace(v *view, sent object) {
	v.sent, v.hash, v.problems = sent, f.newTS(), nil
	v.state = initialState(list(sent["blocks"]), v.state)
	v.changed = f.tick()
}

func (f *Fake) viewsPublish(a args) (object, error) {
	user := a.str("user_id")
	if _, known := f.users[user]; !known {
		return nil, refusal("user_not_found")
	}
	sent, err := viewOf(a.value("view"), "home")
	if err != nil {
		return nil, err
	}
	v := f.homes[user]
	switch {
	case v == nil:
		v = f.show(user, sent)
		f.homes[user] = v
	case a.has("hash") && a.str("hash") != v.hash:
		return nil, refusal("hash_conflict")
	default:
		f.replace(v, sent)
	}
	return object{"view": f.viewPayload(v)}, nil
}

// openView returns the open modal or App Home with that ID.
func (f *Fake) openView(id string) *view {
	return f.anyView(func(v *view) bool { return v.id == id })
}

func (f *Fake) externalID(id string) *view {
	return f.anyView(func(v *view) bool { return id != "" && str(v.sent, "external_id") == id })
}

func (f *Fake) anyView(matches func(*view) bool) *view {
	for _, stack := range f.stacks {
		if i := slices.IndexFunc(stack, matches); i >= 0 {
			return stack[i]
		}
	}
	for _, home := range f.homes {
		if matches(home) {
			return home
		}
	}
	return nil
}

// top returns the view that a person sees.
func (f *Fake) top(user string) *view {
	stack := f.stacks[user]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// viewPayload is a view as Slack sends it.
func (f *Fake) viewPayload(v *view) object {
	p := object{
		"id": v.id, "hash": v.hash, "team_id": f.TeamID, "app_id": appID, "bot_id": botID, "app_installed_team_id": f.TeamID,
		"root_view_id": v.root, "previous_view_id": nil, "state": object{"values": v.state},
		"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": false, "notify_on_close": false,
		"title": nil, "close": nil, "submit": nil,
	}
	if v.previous != "" {
		p["previous_view_id"] = v.previous
	}
	for key, value := range v.sent {
		p[key] = value
	}
	return p
}
