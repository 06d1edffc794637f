package slack

import (
	"context"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"communitybot/bot"
	"communitybot/bot/words"
)

// maxHomeWords is for all text of a home, in characters: a view takes 250 KB.
// https://docs.slack.dev/reference/methods/views.publish#errors
const maxHomeWords = 30000

// publish puts a board on somebody's home. A failure is only logged: whoever opens it again sees it drawn anew.
func (a *Adapter) publish(ctx context.Context, user string, b bot.Board) {
	call, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	view := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: home(b)}}
	if _, err := a.api.PublishViewContext(call, slack.PublishViewContextRequest{UserID: user, View: view}); err != nil {
		a.log.WarnContext(ctx, "slack: home not drawn", "error", describe(err))
	}
}

// pressedAtHome answers a button on somebody's home: a form or words open on top of it, and the home is drawn again.
func (a *Adapter) pressedAtHome(ctx context.Context, h bot.Handler, p interaction) {
	var reply bot.Reply
	e, err := p.pressed(a.withLocale(ctx, p.by()))
	w := words.For(e.By.Locale)
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	show := func(ctx context.Context, c bot.Card) {
		view := notice(p.title(), c, e)
		a.answerView(ctx, func(call context.Context) (*slack.ViewResponse, error) {
			return a.api.OpenViewContext(call, p.TriggerID, *view)
		})
	}
	if err != nil { // a button that is over, maybe: what is true by now is drawn
		reply = bot.Tell{Text: plainCard(w.Explain(err)).Text}
	}
	switch r := reply.(type) {
	case bot.Ask:
		if problem := a.open(ctx, a.api.OpenViewContext, p.TriggerID, r.Form, e, w.Chat.PressAgain); problem != "" {
			a.tell(ctx, p.TriggerID, func(ctx context.Context) { show(ctx, plainCard(problem)) })
		}
	case bot.Tell:
		a.tell(ctx, p.TriggerID, func(ctx context.Context) {
			show(ctx, tellCard(r))
			a.redrawHome(ctx, h, e)
		})
	default:
		a.redrawHome(ctx, h, e)
	}
}

// title names what answers the pressed button: as the button is called, when that is short enough to stand whole.
func (p interaction) title() string {
	if label := p.Actions[0].Text; utf8.RuneCountInString(label) <= maxTitle {
		return label
	}
	return appName
}

// atHome reports whether a place is somebody's home: it has no channel.
func atHome(at bot.Place) bool { return at.Platform == platform && at.Channel == "" && at.User == "" }

// home draws a board. Each card is compact; those that do not fit are left out, and an ellipsis says so.
func home(b bot.Board) []slack.Block {
	v := &canvas{blocks: []slack.Block{}, left: maxHomeWords}
	for i, c := range b.Cards {
		fits := len(v.blocks)
		if i > 0 {
			v.add(slack.NewDividerBlock())
		}
		v.compact(c)
		if len(v.blocks) >= maxViewBlocks || v.left < maxSection {
			v.blocks = append(v.blocks[:fits], slack.NewContextBlock("", mrkdwnText("…")))
			break
		}
	}
	return v.blocks
}

// compact draws a card in little room: title and text together, facts, footer and buttons.
func (v *canvas) compact(c bot.Card) {
	var text bot.Text
	if c.Title != "" {
		text = append(text, bot.Bold(c.Title))
	}
	if c.Title != "" && len(c.Text) > 0 {
		text = append(text, bot.Plain("\n"))
	}
	if s := v.take(append(text, c.Text...), maxSection); s != "" {
		v.add(slack.NewSectionBlock(mrkdwnText(s), nil, nil))
	}
	v.facts(c.Facts)
	if footer := v.take(c.Footer, maxField); footer != "" {
		v.add(slack.NewContextBlock("", mrkdwnText(footer)))
	}
	v.blocks = append(v.blocks, actions(c.Actions)...)
}
