package commands

import (
	"cmp"
	"fmt"
	"strings"

	"communitybot/bot"
)

// Told is what a line in a thread is made of.
type Told struct {
	Request   *bot.Request
	Entry     bot.Entry
	Thread    int        // which hears it
	Approvers []bot.User // whom the policy names
	Free      []string   // handles to choose instead of one that is taken
}

// Line says in a thread what happened.
func (c *Commands) Line(t Told) bot.Text { return line{c.aloud(t.Request), t}.text() }

// line is a line in a thread, being worded.
type line struct {
	voice
	Told
}

// asker is the requester, who is notified in their own thread.
func (t line) asker() bot.Span {
	if t.Told.Thread == 0 {
		return bot.Mention(t.Request.By)
	}
	return bot.Name(t.Request.By)
}

func (t line) text() bot.Text {
	switch t.Entry.What {
	case bot.Denied, bot.Withdrawn, bot.Expired:
		return append(t.decided(), t.perhaps()...)
	case bot.Asked, bot.Agreed, bot.TookBack, bot.ChangesAsked, bot.Edited, bot.Reminded:
		return append(t.call(), append(t.decided(), t.anew()...)...)
	case bot.Resent, bot.Retried:
		return append(t.call(), append(t.again(), t.anew()...)...)
	case bot.Trouble:
		return t.trouble()
	case bot.Created:
		words := t.voice.Thread.Created
		if t.Request.Made.URL == "" {
			words = t.voice.Thread.CreatedNoLink
		}
		return t.fillIn(words)
	case bot.Failed:
		if t.Entry.Reason == bot.NobodyAsked {
			return append(t.failed(), t.perhaps()...)
		}
		return t.failed()
	case bot.Unconfirmed:
		return t.unconfirmed()
	case bot.Linked:
		return t.fillIn(t.voice.Thread.Linked)
	case bot.Unasked:
		return t.fillIn(t.voice.Thread.Unasked)
	case bot.Hidden:
		return t.fillIn(t.voice.Thread.Hidden)
	case bot.Fading:
		return t.fillIn(t.voice.Thread.Fading)
	}
	return nil
}

// fillIn fills in whatever words about a request may name.
func (t line) fillIn(words string) bot.Text {
	r, e := t.Request, t.Entry
	have, need, _ := strings.Cut(e.Note, "/") // of entries that count votes
	return bot.Say(words,
		"asker", t.asker(), "by", bot.Name(e.By), "name", bot.Bold(r.Community.Name), "handle", bot.Literal(r.Community.Handle),
		"link", bot.Link{URL: r.Made.URL}, "have", have, "need", need, "who", t.voice.who(r.Policy, t.Approvers),
		"what", e.Note, "reason", e.Note, "said", t.said(e.Note), "free", t.perhapsFree(),
		"edit", bot.Bold(t.Button.Edit), "again", bot.Bold(t.Button.AskAgain), "fix", bot.Bold(t.Button.Fix), "retry", bot.Bold(t.Button.TryAgain),
		"ours", bot.Bold(t.Button.Ours), "rename", bot.Bold(t.Button.Rename), "show", t.communities(fmt.Sprintf("show %d", r.ID)))
}

func (t line) perhapsFree() string {
	if len(t.Free) == 0 {
		return ""
	}
	return bot.Fill(t.Genuin.Free, "handles", strings.Join(t.Free, ", "))
}

// perhaps says, where waiting ends, that an earlier call may have made the community.
func (t line) perhaps() bot.Text {
	if !t.Request.Calls.Lost {
		return nil
	}
	return bot.Text{bot.Plain(" " + t.voice.Thread.Perhaps)}
}

func (t line) trouble() bot.Text {
	return t.because(t.Genuin.Slow, map[bot.Reason]string{
		bot.RateLimited: t.Genuin.RateLimited,
		bot.Unreachable: t.Genuin.Unreachable,
		bot.NoAnswer:    t.Genuin.NoAnswer,
		bot.Broken:      t.Genuin.Broken,
	})
}

// because fills in the words for why it happened, or others where there are none.
func (t line) because(others string, words map[bot.Reason]string) bot.Text {
	return t.fillIn(cmp.Or(words[t.Entry.Reason], others))
}

func (t line) failed() bot.Text {
	if t.Told.Thread != 0 {
		return t.fillIn(t.Genuin.FailedThere)
	}
	return t.because(t.Genuin.GaveUpReaching, map[bot.Reason]string{
		bot.NobodyAsked:     t.Genuin.NobodyAsked,
		bot.HandleTaken:     t.Genuin.HandleTaken,
		bot.CategoryUnknown: t.Genuin.CategoryUnknown,
		bot.BadRequest:      t.Genuin.BadRequest,
		bot.Unauthorized:    t.Genuin.NotLetIn,
		bot.Misuse:          t.Genuin.NotLetIn,
		bot.Broken:          t.Genuin.GaveUp,
	})
}

func (t line) unconfirmed() bot.Text {
	switch {
	case t.Told.Thread != 0:
		return t.fillIn(t.Genuin.DoubtThere)
	case t.Entry.Reason == bot.HandleTaken:
		return t.fillIn(t.Genuin.DoubtTaken)
	case t.Entry.Reason == bot.Unauthorized || t.Entry.Reason == bot.Misuse:
		return t.fillIn(t.Genuin.DoubtNotLetIn)
	case t.Request.Calls.Shaky && (t.Entry.Reason == bot.Broken || t.Entry.Reason == bot.Unreachable || t.Entry.Reason == bot.RateLimited):
		return t.fillIn(t.Genuin.DoubtBroken)
	}
	return t.fillIn(t.Genuin.Doubt)
}

// call notifies the approvers, where they are asked and as long as they still are.
func (t line) call() bot.Text {
	r := t.Request
	if !r.AsksIn(t.Told.Thread) || r.State != bot.Pending || t.Entry.Version != r.Version || !t.Entry.Asks && t.Entry.What != bot.Reminded {
		return nil
	}
	return t.calling(t.Approvers, r.Threads[t.Told.Thread].At.Platform)
}

// anew says that everybody is asked again, when they are.
func (t line) anew() bot.Text {
	if !t.Entry.Asks || t.Entry.What == bot.Asked {
		return nil
	}
	return bot.Text{bot.Plain("\n" + t.voice.Thread.AskedAnew)}
}

// again says that the request was sent again.
func (t line) again() bot.Text {
	switch {
	case t.Entry.What == bot.Retried:
		return t.fillIn(t.voice.Thread.Retried)
	case t.Entry.Note == "":
		return t.fillIn(t.voice.Thread.SentAgain)
	}
	return t.fillIn(t.voice.Thread.Changed)
}

// decided says what happened while people decided.
func (t line) decided() bot.Text {
	r, e, w := t.Request, t.Entry, t.voice.Thread
	own := t.Told.Thread == 0
	switch e.What {
	case bot.Asked:
		e.Note = fmt.Sprintf("0/%d", r.Policy.Required)
		return line{t.voice, Told{r, e, t.Told.Thread, t.Approvers, nil}}.fillIn(w.Asked)
	case bot.Agreed:
		if e.Note == fmt.Sprintf("%d/%[1]d", r.Policy.Required) {
			return t.fillIn(w.AllAgreed)
		}
		return t.fillIn(w.Agreed)
	case bot.TookBack:
		return t.fillIn(w.TookBack)
	case bot.Denied:
		if e.Note == "" {
			return t.fillIn(w.DeniedSilently)
		}
		return t.fillIn(w.Denied)
	case bot.ChangesAsked:
		if own {
			return t.fillIn(w.ChangesAsked)
		}
		return t.fillIn(w.ChangesAskedThere)
	case bot.Edited:
		if e.Note == "" { // changes were asked for, and none was made
			return t.fillIn(w.SentAgain)
		}
		return t.fillIn(w.Edited)
	case bot.Withdrawn:
		return t.fillIn(w.Withdrawn)
	case bot.Reminded:
		if e.By.ID != "" {
			return t.fillIn(w.RemindedBy)
		}
		return t.fillIn(w.Reminded)
	default: // Expired
		switch {
		case !own:
			return t.fillIn(w.ExpiredThere)
		case r.Calls.Lost: // then the card is about what may exist, and has no such button
			return t.fillIn(w.ExpiredInDoubt)
		}
		return t.fillIn(w.Expired)
	}
}
