package commands

import (
	"cmp"
	"slices"
	"strings"

	"communitybot/bot"
	"communitybot/bot/words"
)

// voice is what the bot says to somebody: the words in their language, and the commands by the names they know.
type voice struct {
	*words.Words
	names words.Commands
}

// voice returns the words for the one who acted.
func (c *Commands) voice(e bot.Event) voice { return c.in(e.By.Locale, e.At.Platform) }

// aloud returns the words for all who see a request's cards and threads: the language that the operator chose, or else
// that of the one who asked.
func (c *Commands) aloud(r *bot.Request) voice {
	return c.in(cmp.Or(c.Language, r.By.Locale), r.By.Platform)
}

func (c *Commands) in(locale, platform string) voice {
	v := voice{words.For(locale), words.English.Commands}
	if c.Translated[platform] {
		v.names = v.Commands
	}
	return v
}

// create and communities are the commands as somebody types them.
func (v voice) create() bot.Literal { return bot.Literal("/" + v.names.Create.Name) }

func (v voice) communities(rest string) bot.Literal {
	return bot.Literal(strings.TrimSpace("/" + v.names.Communities.Name + " " + rest))
}

// fill is bot.Fill with the commands that words may name filled in.
func (v voice) fill(words string, pairs ...any) string { return v.say(words, pairs...).String() }

// say is bot.Say with the same.
func (v voice) say(words string, pairs ...any) bot.Text {
	return bot.Say(words, append(pairs, "create", v.create(), "communities", v.communities(""), "list", v.communities("list"),
		"waiting", v.communities("list waiting"), "all", v.communities("list all"), "show", v.communities("show 42"),
		"withdraw", v.communities("withdraw 42"))...)
}

// who says who can decide under a policy: "@ops, Ben or Cleo".
func (v voice) who(p bot.Policy, approvers []bot.User) string {
	switch {
	case len(approvers) == 0 && p.Self:
		return v.Card.Anybody
	case len(approvers) == 0:
		return v.Card.Others
	}
	var names []string
	for _, u := range approvers {
		name := cmp.Or(u.Name, v.Card.SomeApprover)
		if u.Group {
			name = "@" + name
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return bot.Fill(v.Card.Or, "some", strings.Join(names[:last], ", "), "last", names[last])
}

// stands says, to end a sentence, where a request stands.
func (v voice) stands(r *bot.Request) string {
	if r.State == bot.HasFailed && r.Calls.Reason == bot.NobodyAsked {
		return v.Card.StandsNobodyAsked
	}
	return bot.Fill(v.Card.Stands[r.State], "have", len(r.Round.Votes), "need", r.Policy.Required)
}

// status is what the card says under its title.
func (v voice) status(r *bot.Request, approvers []bot.User) bot.Text {
	words := v.Card.Status[r.State]
	switch {
	case r.State == bot.HasFailed && r.Calls.Reason == bot.NobodyAsked:
		words = v.Card.NobodyAsked
	case r.State == bot.IsCreated && r.Made.URL == "":
		words = v.Card.NoLink
	case (r.State == bot.Approved || r.State == bot.Creating) && r.Calls.Troubled:
		words = v.Card.Troubled
	}
	return bot.Say(words, "missing", v.missing(r, approvers), "link", bot.Link{URL: r.Made.URL}, "handle", bot.Literal(r.Community.Handle))
}

// missing says how many agreed, and who else has to: "1 of 2, 1 more from @ops".
func (v voice) missing(r *bot.Request, approvers []bot.User) string {
	have, need := len(r.Round.Votes), r.Policy.Required
	return bot.Fill(v.Card.Missing, "have", have, "need", need, "left", need-have, "who", v.who(r.Policy, approvers))
}

// said is what Genuin said, to follow a sentence, or nothing.
func (v voice) said(words string) string {
	if words == "" {
		return ""
	}
	return bot.Fill(v.Genuin.Said, "words", words)
}
