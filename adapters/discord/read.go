package discord

import (
	"encoding/json"
	"strconv"

	"communitybot/bot/skim"
)

// Readers of what the bot wants of an interaction. All else in it is skipped.

func (in *interaction) read(r *skim.Reader) {
	for name := range r.Fields() {
		switch string(name) {
		case "id":
			in.ID = r.String()
		case "token":
			in.Token = r.String()
		case "type":
			in.Type = r.Int()
		case "guild_id":
			in.Guild = r.String()
		case "channel_id":
			in.Channel = r.String()
		case "locale":
			in.Locale = r.String()
		case "member":
			if r.Kind() != 'n' {
				in.Member = readMember(r)
			}
		case "user":
			if r.Kind() != 'n' {
				in.User = new(readUser(r))
			}
		case "message":
			if r.Kind() != 'n' {
				in.Message = readActedOn(r)
			}
		case "data":
			in.Data.read(r)
		}
	}
}

func readMember(r *skim.Reader) *member {
	m := new(member)
	for name := range r.Fields() {
		switch string(name) {
		case "user":
			m.User = readUser(r)
		case "nick":
			m.Nick = r.String()
		case "roles":
			m.Roles = nil
			for range r.Items() {
				m.Roles = append(m.Roles, r.String())
			}
		}
	}
	return m
}

func readUser(r *skim.Reader) (u user) {
	for name := range r.Fields() {
		switch string(name) {
		case "id":
			u.ID = r.String()
		case "username":
			u.Username = r.String()
		case "global_name":
			u.GlobalName = r.String()
		}
	}
	return u
}

func readActedOn(r *skim.Reader) *actedOn {
	m := new(actedOn)
	for name := range r.Fields() {
		switch string(name) {
		case "id":
			m.ID = r.String()
		case "flags":
			m.Flags = r.Int()
		}
	}
	return m
}

func (d *data) read(r *skim.Reader) {
	for name := range r.Fields() {
		switch string(name) {
		case "type":
			d.Type = r.Int()
		case "name":
			d.Name = r.String()
		case "options":
			d.Options = readParts(r)
		case "target_id":
			d.Target = r.String()
		case "resolved":
			r.Check(json.Unmarshal(r.Raw(), &d.Resolved)) // of what is rarely there
		case "custom_id":
			d.CustomID = r.String()
		case "values":
			d.Values = readTexts(r)
		case "components":
			d.Components = readParts(r)
		}
	}
}

// readParts reads options or components. One that is newer than the bot may have anything under the names it knows, and
// must not break the reading of those around it: what does not fit is left out.
func readParts(r *skim.Reader) (list []value) {
	for range r.Items() {
		list = append(list, readPart(r))
	}
	return list
}

func readPart(r *skim.Reader) (v value) {
	if r.Kind() != '{' {
		return v
	}
	for name := range r.Fields() {
		switch field, kind := string(name), r.Kind(); {
		case field == "type" && isNumber(kind):
			v.Type, _ = strconv.Atoi(r.Text())
		case field == "name" && kind == '"':
			v.Name = r.String()
		case field == "custom_id" && kind == '"':
			v.CustomID = r.String()
		case field == "focused" && kind == 't':
			v.Focused = r.Bool()
		case field == "value":
			v.Value = r.Text()
		case field == "values" && kind == '[':
			v.Values = readTexts(r)
		case field == "options" && kind == '[':
			v.Options = readParts(r)
		case field == "components" && kind == '[':
			v.Components = readParts(r)
		case field == "component" && kind == '{':
			v.Component = new(readPart(r))
		}
	}
	return v
}

func isNumber(kind byte) bool { return kind == '-' || '0' <= kind && kind <= '9' }

func readTexts(r *skim.Reader) (list []string) {
	for range r.Items() {
		list = append(list, r.Text())
	}
	return list
}
