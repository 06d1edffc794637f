package adaptertest

import (
	"context"

	"communitybot/adapters/person"
	"communitybot/bot"
)

// agreed is a private text with two buttons.
func agreed() bot.Tell {
	return bot.Tell{Text: bot.Say("You agreed to {name} already.", "name", bot.Bold("Acme")), Actions: []bot.Action{
		{Call: bot.Call{Command: "take-back", Values: bot.Values{"id": "42", "v": "3"}}, Label: "Take it back", Style: bot.Danger},
		{Call: bot.Call{Command: "details", Values: bot.Values{"id": "42"}}, Label: "Details"},
	}}
}

func toldWithButtons(b *bench) {
	b.reply(agreed())
	told := b.typing("/communities").Private
	if len(told) != 1 {
		b.t.Fatalf("%d private messages, want 1", len(told))
	}
	b.same([]string{"Take it back", "Details"}, told[0].Buttons)
	b.same(0, len(b.read(b.Ben)))
	press := func(label string) person.Screen {
		b.t.Helper()
		return b.must(b.Chat.Press(b.t.Context(), b.Ada.ID, told[0].ID, label))
	}
	mine := func(want int) []person.Message {
		b.t.Helper()
		all := b.read(b.Ada)
		if len(all) != want {
			b.t.Fatalf("%d messages, want %d: %+v", len(all), want, all)
		}
		return all
	}

	b.reply(bot.Ask{Form: form()})
	if press("Details").Form == nil {
		b.t.Error("no form came up")
	}
	e, _ := b.last()
	b.same(bot.Call{Command: "details", Values: bot.Values{"id": "42"}}, e.Call)
	b.same(bot.Open, e.Step)
	b.same(b.Ada.ID, e.By.ID)
	b.same(b.Channel, e.At) // there is no card to decide on

	b.reply(bot.Tell{Text: bot.Say("Your yes is taken back."), Actions: agreed().Actions})
	press("Take it back")
	b.says(mine(1)[0].Text, "Your yes is taken back.")
	b.reply(bot.Tell{Text: bot.Say("Do you agree?"), Actions: card("").Actions})
	press("Details")
	b.says(mine(1)[0].Text, "Do you agree?")
	b.same([]string{"Approve", "Deny…"}, mine(1)[0].Buttons)

	b.answer(func(context.Context, bot.Event) (bot.Reply, error) {
		return nil, &bot.Error{Code: bot.Conflict, Message: "It has changed."}
	})
	b.says(press("Approve").Private[0].Text, "It has changed.")
	b.same([]string{"Approve", "Deny…"}, mine(2)[0].Buttons)

	b.reply(bot.Done{})
	press("Approve")
	for _, m := range b.read(b.Ada) {
		b.same(0, len(m.Buttons))
	}
	b.same(0, len(b.read(b.Ben)))
}

func groups(b *bench) {
	b.post(b.Channel, bot.Card{Key: "k1", Text: bot.Say("{who}, please look.", "who", bot.Mention(b.Group))})
	b.post(b.Channel, bot.Card{Key: "k2", Text: bot.Say("Waits for {who}.", "who", bot.Name(b.Group))})
	far := b.Group
	far.Platform = "elsewhere"
	b.post(b.Channel, bot.Card{Key: "k3", Text: bot.Say("Asked {who} there.", "who", bot.Mention(far))})
	all := b.read(b.Ben)
	if len(all) != 3 {
		b.t.Fatalf("%d messages, want 3", len(all))
	}
	b.same([]string{b.Group.ID}, all[0].Pings)
	b.same(0, len(all[1].Pings)+len(all[2].Pings))
	for _, m := range all {
		b.says(visible(m.Text), "@"+b.Group.Name)
	}
}
