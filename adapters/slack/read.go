package slack

import "communitybot/bot/skim"

// Readers of what the bot wants of Slack's payloads. All else in them is skipped.

// maxDepth is far deeper than anything that Slack sends.
const maxDepth = 100

// field reads one text field out of an object.
func field(r *skim.Reader, name string) (text string) {
	for n := range r.Fields() {
		if string(n) == name {
			text = r.String()
		}
	}
	return text
}

func (p *interaction) read(r *skim.Reader) {
	for name := range r.Fields() {
		switch string(name) {
		case "type":
			p.Type = r.String()
		case "trigger_id":
			p.TriggerID = r.String()
		case "response_url":
			p.ResponseURL = r.String()
		case "callback_id":
			p.CallbackID = r.String()
		case "block_id":
			p.BlockID = r.String()
		case "value":
			p.Value = r.String()
		case "user":
			p.readUser(r)
		case "team":
			p.Team.ID = field(r, "id")
		case "enterprise":
			p.Enterprise.ID = field(r, "id")
		case "channel":
			p.Channel.ID = field(r, "id")
		case "container":
			p.readContainer(r)
		case "actions":
			p.readActions(r)
		case "message":
			p.Message.Text = field(r, "text")
		case "view":
			p.View.read(r)
		}
	}
}

func (p *interaction) readUser(r *skim.Reader) {
	for name := range r.Fields() {
		switch string(name) {
		case "id":
			p.User.ID = r.String()
		case "name":
			p.User.Name = r.String()
		case "username":
			p.User.Username = r.String()
		case "team_id":
			p.User.TeamID = r.String()
		}
	}
}

func (p *interaction) readContainer(r *skim.Reader) {
	for name := range r.Fields() {
		switch string(name) {
		case "type":
			p.Container.Type = r.String()
		case "message_ts":
			p.Container.MessageTS = r.String()
		case "channel_id":
			p.Container.ChannelID = r.String()
		case "is_ephemeral":
			p.Container.IsEphemeral = r.Bool()
		}
	}
}

func (p *interaction) readActions(r *skim.Reader) {
	p.Actions = nil
	for range r.Items() {
		var a action
		for name := range r.Fields() {
			switch string(name) {
			case "block_id":
				a.BlockID = r.String()
			case "value":
				a.Value = r.String()
			case "action_ts":
				a.At = r.String()
			case "text":
				a.Text = field(r, "text")
			}
		}
		p.Actions = append(p.Actions, a)
	}
}

func (v *view) read(r *skim.Reader) {
	for name := range r.Fields() {
		switch string(name) {
		case "id":
			v.ID = r.String()
		case "type":
			v.Type = r.String()
		case "app_installed_team_id":
			v.AppTeam = r.String()
		case "team_id":
			v.Team = r.String()
		case "hash":
			v.Hash = r.String()
		case "private_metadata":
			v.PrivateMetadata = r.String()
		case "title":
			v.Title = field(r, "text")
		case "blocks":
			v.Blocks = nil
			for range r.Items() {
				v.Blocks = append(v.Blocks, readBlock(r))
			}
		case "state":
			for name := range r.Fields() {
				if string(name) == "values" {
					v.Values = readValues(r)
				}
			}
		}
	}
}

func readBlock(r *skim.Reader) (b block) {
	for name := range r.Fields() {
		switch string(name) {
		case "type":
			b.Type = r.String()
		case "block_id":
			b.BlockID = r.String()
		case "hint":
			b.Hint = field(r, "text")
		case "element":
			for name := range r.Fields() {
				if string(name) == "placeholder" {
					b.Placeholder = field(r, "text")
				}
			}
		}
	}
	return b
}

// readValues reads what a form holds, by block and action.
func readValues(r *skim.Reader) map[string]map[string]stateValue {
	values := map[string]map[string]stateValue{}
	for blockID := range r.Fields() {
		block, elements := string(blockID), map[string]stateValue{}
		for actionID := range r.Fields() {
			action := string(actionID)
			elements[action] = readValue(r)
		}
		values[block] = elements
	}
	return values
}

func readValue(r *skim.Reader) (v stateValue) {
	for name := range r.Fields() {
		switch string(name) {
		case "value":
			v.Value = r.String()
		case "selected_option":
			v.SelectedOption = chosenOption{field(r, "value")}
		case "selected_options":
			v.SelectedOptions = nil
			for range r.Items() {
				v.SelectedOptions = append(v.SelectedOptions, chosenOption{field(r, "value")})
			}
		}
	}
	return v
}
