package commands

import (
	"strconv"
	"strings"

	"communitybot/bot"
)

// Colours of a card without one from Genuin.
const (
	colorDone  = "#2E9E6B"
	colorFail  = "#D64545"
	colorDoubt = "#E0A030"
)

// Card draws a request as it stands, for all who see its thread i. approvers are those whom its policy names.
func (c *Commands) Card(r *bot.Request, i int, approvers []bot.User) bot.Card {
	return c.card(c.aloud(r), r, i, approvers)
}

func (c *Commands) card(v voice, r *bot.Request, i int, approvers []bot.User) bot.Card {
	card := bot.Card{
		Title:  r.Community.Name,
		Text:   v.status(r, approvers),
		Facts:  append(c.facts(v, r), v.round(r)...),
		Footer: bot.Say(v.Card.Number, "number", r.ID),
		Thread: r.Community.Name,
	}
	card.Actions = v.actions(r, i)
	switch r.State {
	case bot.IsCreated:
		card.Color = colorDone
		if r.Made.Color != "" {
			card.Color = r.Made.Color
		}
		for _, i := range []bot.Image{{URL: r.Made.Image, Alt: v.Card.PictureAlt}, {URL: r.Made.Banner, Alt: v.Card.BannerAlt}} {
			if i.URL != "" {
				card.Images = append(card.Images, i)
			}
		}
	case bot.HasFailed, bot.IsRejected:
		card.Color = colorFail
	case bot.Unclear, bot.NeedsChange:
		card.Color = colorDoubt
	}
	return card
}

// actions are the buttons of the card in thread i: what the requester can do stands on theirs, what approvers can do
// where they are asked.
func (v voice) actions(r *bot.Request, i int) []bot.Action {
	var all []bot.Action
	if r.State == bot.Pending && r.AsksIn(i) {
		all = append(all,
			bot.Action{Call: on(r, nameApprove), Label: v.Button.Approve, Style: bot.Primary},
			bot.Action{Call: on(r, nameDeny), Label: v.Button.Deny, Style: bot.Danger},
			bot.Action{Call: on(r, nameChanges), Label: v.Button.AskForChanges})
	}
	if r.Open() {
		all = append(all, bot.Action{Call: on(r, nameDetails), Label: v.Button.Details})
	}
	if i == 0 {
		all = append(all, v.asking(r)...)
	}
	return all
}

// asking are the buttons of the requester.
func (v voice) asking(r *bot.Request) (all []bot.Action) {
	switch r.State {
	case bot.Pending:
		all = append(all, bot.Action{Call: on(r, nameEdit), Label: v.Button.Edit}, bot.Action{Call: on(r, nameWithdraw), Label: v.Button.Withdraw},
			bot.Action{Call: on(r, nameRemind), Label: v.Button.Remind})
	case bot.NeedsChange:
		all = append(all, bot.Action{Call: on(r, nameEdit), Label: v.Button.Edit, Style: bot.Primary}, bot.Action{Call: on(r, nameWithdraw), Label: v.Button.Withdraw})
	case bot.HasFailed:
		all = append(all, v.mending(r)...)
	case bot.Unclear:
		all = append(all, bot.Action{Call: on(r, nameLink), Label: v.Button.Ours, Style: bot.Primary},
			bot.Action{Call: on(r, nameRename), Label: v.Button.Rename})
		all = append(all, v.mending(r)...)
	case bot.IsExpired:
		all = append(all, bot.Action{Call: on(r, nameCreate), Label: v.Button.AskAgain, Style: bot.Primary})
	}
	return all
}

// round are the facts about who agreed, and until when there is time.
func (v voice) round(r *bot.Request) []bot.Fact {
	var facts []bot.Fact
	if len(r.Round.Votes) > 0 {
		var names bot.Text
		for i, vote := range r.Round.Votes {
			if i > 0 {
				names = append(names, bot.Plain(", "))
			}
			names = append(names, bot.Name(vote.By))
		}
		facts = append(facts, bot.Fact{Label: v.Card.Agreed, Value: names})
	}
	if end, ok := r.Expires(); ok {
		facts = append(facts, bot.Fact{Label: v.Card.Expires, Value: bot.Text{bot.Time(end)}})
	}
	return facts
}

// mending returns the buttons that go on after a failure.
func (v voice) mending(r *bot.Request) []bot.Action {
	fixIt := bot.Action{Call: on(r, nameFix), Label: v.Button.Fix}
	if !r.Retryable() {
		fixIt.Style = bot.Primary
		return []bot.Action{fixIt}
	}
	return []bot.Action{{Call: on(r, nameRetry), Label: v.Button.TryAgain, Style: bot.Primary}, fixIt}
}

// facts are what was asked for: every field that was set.
func (c *Commands) facts(v voice, r *bot.Request) []bot.Fact {
	com := r.Community
	var facts []bot.Fact
	add := func(label string, value bot.Text, long bool) {
		if len(value) > 0 {
			facts = append(facts, bot.Fact{Label: label, Value: value, Long: long})
		}
	}
	words := func(s string) bot.Text {
		if s == "" {
			return nil
		}
		return bot.Text{bot.Plain(s)}
	}
	add(v.Form.Handle, bot.Text{bot.Literal(com.Handle)}, false)
	add(v.Form.Type, words(label(c.Types, com.Type)), false)
	add(v.Card.AskedBy, bot.Text{bot.Name(r.By)}, false)
	add(v.Form.Description, words(com.Description), true)
	add(v.Form.Tags, words(strings.Join(com.Tags, ", ")), false)
	var categories []string
	for _, id := range com.Categories {
		categories = append(categories, label(c.Categories, strconv.FormatInt(id, 10)))
	}
	add(v.Form.Categories, words(strings.Join(categories, ", ")), false)
	add(v.Form.Proposed, words(strings.Join(com.Proposed, ", ")), false)
	add(v.Form.Picture, words(com.Picture), false)
	add(v.Form.Banner, words(com.Banner), false)
	add(v.Form.Members, words(strings.Join(com.Members, ", ")), true)
	var options []string
	for _, o := range []struct {
		on    bool
		words string
	}{{com.AI, v.Card.MadeByAI}, {com.AIPicture, v.Card.PictureByAI}, {com.AIBanner, v.Card.BannerByAI}} {
		if o.on {
			options = append(options, o.words)
		}
	}
	add(v.Form.Options, words(strings.Join(options, ", ")), false)
	add(v.Form.Why, words(r.Why), true)
	return facts
}

// label returns the words for a value, or the value where there are none.
func label(options []bot.Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}
