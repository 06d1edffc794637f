package commands

import (
	"fmt"
	"strings"

	"communitybot/bot"
)

// stands says in a sentence of its own where a request stands.
func stands(r *bot.Request) string {
	switch r.State {
	case bot.Pending:
		return "it waits for approval, " + strings.ReplaceAll(r.Count(), "/", " of ") + " so far."
	case bot.NeedsChange:
		return "the approvers asked for changes first."
	case bot.IsRejected:
		return "it was denied."
	case bot.IsExpired:
		return "it expired, because nobody decided in time."
	case bot.IsWithdrawn:
		return "it was withdrawn."
	case bot.Approved, bot.Creating:
		return "it is on its way to Genuin."
	case bot.IsCreated:
		return "the community exists."
	case bot.HasFailed:
		if r.Calls.Reason == bot.NobodyAsked {
			return "the approvers could not be asked. It can be tried again from its card."
		}
		return "Genuin did not make it. It can be fixed and sent again from its card."
	default:
		return "the community may exist already. Its card says how to go on."
	}
}

// status is what the card says under its title.
func status(r *bot.Request, approvers []bot.User) bot.Text {
	switch r.State {
	case bot.Pending:
		return bot.Say("Waits for approval: {}.", missing(r, approvers))
	case bot.NeedsChange:
		return bot.Say("The approvers ask for changes first. The thread says which.")
	case bot.IsRejected:
		return bot.Say("Denied. The thread says why.")
	case bot.IsExpired:
		return bot.Say("Expired: nobody decided in time.")
	case bot.IsWithdrawn:
		return bot.Say("Withdrawn by the one who asked.")
	case bot.Approved, bot.Creating:
		if r.Calls.Troubled {
			return bot.Say("Genuin has not made it yet. Still trying.")
		}
		return bot.Say("On its way to Genuin …")
	case bot.IsCreated:
		if r.Made.URL == "" {
			return bot.Say("It exists on Genuin. Genuin sent no link for it; look there for {}.", bot.Literal(r.Community.Handle))
		}
		return bot.Say("It exists: {}", bot.Link{URL: r.Made.URL})
	case bot.HasFailed:
		if r.Calls.Reason == bot.NobodyAsked {
			return bot.Say("The approvers could not be asked. Everything that was filled in is kept.")
		}
		return bot.Say("Genuin did not make it. The thread says why; everything that was filled in is kept.")
	default:
		return bot.Say("It may exist on Genuin. The thread says why; its link is not known.")
	}
}

// missing says how many agreed, and who else has to: "1 of 2, one more from @ops".
func missing(r *bot.Request, approvers []bot.User) string {
	left := r.Policy.Required - len(r.Round.Votes)
	return fmt.Sprintf("%d of %d, %s more from %s", len(r.Round.Votes), r.Policy.Required, number(left), who(r.Policy, approvers))
}

// number is a small number in words.
func number(n int) string {
	words := []string{"none", "one", "two", "three", "four", "five"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

// Told is what a line in a thread is made of.
type Told struct {
	Request   *bot.Request
	Entry     bot.Entry
	Thread    int        // which hears it
	Approvers []bot.User // whom the policy names
	Free      []string   // handles to choose instead of one that is taken
}

// asker is the requester, who is notified in their own thread.
func (t Told) asker() bot.Span {
	if t.Thread == 0 {
		return bot.Mention(t.Request.By)
	}
	return bot.Name(t.Request.By)
}

// Line says in a thread what happened.
func (t Told) Line() bot.Text {
	r, e := t.Request, t.Entry
	name := bot.Bold(r.Community.Name)
	switch e.What {
	case bot.Denied, bot.Withdrawn, bot.Expired:
		return append(t.approval(), t.perhaps()...)
	case bot.Asked, bot.Agreed, bot.TookBack, bot.ChangesAsked, bot.Edited, bot.Reminded:
		return t.approval()
	case bot.Trouble:
		return trouble(r, e)
	case bot.Created:
		if r.Made.URL == "" {
			return bot.Say("{} {} exists on Genuin now. Genuin sent no link for it; look there for {}.", t.asker(), name, bot.Literal(r.Community.Handle))
		}
		return bot.Say("{} {} exists on Genuin now: {}", t.asker(), name, bot.Link{URL: r.Made.URL})
	case bot.Failed:
		if e.Reason == bot.NobodyAsked {
			return append(t.failed(), t.perhaps()...)
		}
		return t.failed()
	case bot.Unconfirmed:
		return t.unconfirmed()
	case bot.Resent:
		if e.Note == "" {
			return bot.Say("{}{} sent it again as it was.{}", t.call(), bot.Name(e.By), t.anew())
		}
		return bot.Say("{}{} changed it and sent it again. {}{}", t.call(), bot.Name(e.By), e.Note, t.anew())
	case bot.Retried:
		return bot.Say("{}{} has it tried again.{}", t.call(), bot.Name(e.By), t.anew())
	case bot.Linked:
		return bot.Say("{} found it on Genuin. {} is here: {}", bot.Name(e.By), name, bot.Link{URL: r.Made.URL})
	case bot.Unasked:
		return bot.Say("The approvers can't be asked at the moment, because their channel does not answer. Still trying; they hear of {} as soon as it does.", name)
	case bot.Hidden:
		return bot.Say("I can't post in the channel where you asked for {}, so the news comes here. "+
			"To have it there the next time, somebody has to add me to that channel.", name)
	}
	return nil
}

// perhaps says, where waiting ends, that an earlier call may have made the community.
func (t Told) perhaps() bot.Text {
	if !t.Request.Calls.Lost {
		return nil
	}
	return bot.Say(" It may exist on Genuin all the same: an earlier try got no answer.")
}

func trouble(r *bot.Request, e bot.Entry) bot.Text {
	switch e.Reason {
	case bot.RateLimited:
		return bot.Say("Genuin asks us to slow down. Still trying; the outcome comes here.")
	case bot.Unreachable:
		return bot.Say("Genuin can't be reached at the moment. Still trying; the outcome comes here.")
	case bot.NoAnswer:
		return bot.Say("Genuin did not answer, so the community may exist already. Still trying, with the same handle, " +
			"so that there can't be two of it; the outcome comes here.")
	case bot.Broken:
		return bot.Say("Genuin had a problem on its side{}. Still trying; the outcome comes here.", quoted(e.Note))
	default:
		return bot.Say("Genuin takes longer than usual. Still waiting; the outcome comes here.")
	}
}

func (t Told) failed() bot.Text {
	r, e, who := t.Request, t.Entry, t.asker()
	if t.Thread != 0 {
		return bot.Say("Genuin did not make {}. What comes next is up to {}.", bot.Bold(r.Community.Name), who)
	}
	switch e.Reason {
	case bot.NobodyAsked:
		return bot.Say("{} The approvers could not be asked: I can't post where they are. The request is kept. "+
			"Please tell the people who run the bot; when they have added me there, press {} on the card.", who, bot.Bold("Try again"))
	case bot.HandleTaken:
		perhaps := ""
		if len(t.Free) > 0 {
			perhaps = "Perhaps free: " + strings.Join(t.Free, ", ") + ". "
		}
		return bot.Say("{} The handle {} is taken on Genuin already. {}Press {} on the card to choose another; everything else is kept.",
			who, bot.Literal(r.Community.Handle), perhaps, bot.Bold("Fix and resubmit"))
	case bot.CategoryUnknown:
		return bot.Say("{} Genuin does not know one of the categories. Press {} on the card to choose others; everything else is kept.",
			who, bot.Bold("Fix and resubmit"))
	case bot.BadRequest:
		return bot.Say("{} Genuin did not accept this request{}. Press {} on the card to look through it; everything is kept.",
			who, quoted(e.Note), bot.Bold("Fix and resubmit"))
	case bot.Unauthorized, bot.Misuse:
		return bot.Say("{} Genuin does not let this bot in at the moment. Nothing is wrong with the request, and it is kept. "+
			"Please tell the people who run the bot; when they have renewed its access, press {} on the card.", who, bot.Bold("Try again"))
	case bot.Broken:
		return bot.Say("{} Genuin failed several times on its side{}, and did not make the community. The request is kept: press {} on the card in a while.",
			who, quoted(e.Note), bot.Bold("Try again"))
	default:
		return bot.Say("{} Genuin could not be reached for a day, so the community was not made. The request is kept: press {} on the card when Genuin is back.",
			who, bot.Bold("Try again"))
	}
}

func (t Told) unconfirmed() bot.Text {
	e, who, handle := t.Entry, t.asker(), bot.Literal(t.Request.Community.Handle)
	if t.Thread != 0 {
		return bot.Say("The community {} may exist on Genuin: a call got no answer. What comes next is up to {}.", handle, who)
	}
	if e.Reason == bot.HandleTaken {
		return bot.Say("{} The community {} exists on Genuin, and it is probably ours: an earlier try got no answer, and now the handle is taken. "+
			"Its link is not known. Please look on Genuin: if it is ours, press {} on the card; if not, {}.",
			who, handle, bot.Bold("It's ours – add link"), bot.Bold("Choose another handle"))
	}
	if e.Reason == bot.Unauthorized || e.Reason == bot.Misuse {
		return bot.Say("{} The community {} may exist on Genuin: an earlier try got no answer, and now Genuin does not let this bot in. "+
			"Please look there: if it is ours, press {} on the card; if not, tell the people who run the bot, and press {} when they have renewed its access.",
			who, handle, bot.Bold("It's ours – add link"), bot.Bold("Try again"))
	}
	return bot.Say("{} The community {} may exist on Genuin: an earlier try got no answer, and now Genuin does not make it{}. "+
		"Please look there: if it is ours, press {} on the card; if it is not there, {}.",
		who, handle, quoted(e.Note), bot.Bold("It's ours – add link"), bot.Bold("Fix and resubmit"))
}

// call notifies the approvers, where they are asked and as long as they still are.
func (t Told) call() bot.Text {
	r := t.Request
	if !r.AsksIn(t.Thread) || r.State != bot.Pending || t.Entry.Version != r.Version || !t.Entry.Asks && t.Entry.What != bot.Reminded {
		return nil
	}
	return calling(t.Approvers, r.Threads[t.Thread].At.Platform)
}

// anew says that everybody is asked again, when they are.
func (t Told) anew() string {
	if t.Entry.Asks {
		return "\nWhoever agreed before is asked again."
	}
	return ""
}

// approval says what happened while people decided.
func (t Told) approval() bot.Text {
	r, e := t.Request, t.Entry
	name, by := bot.Bold(r.Community.Name), bot.Name(e.By)
	count := strings.ReplaceAll(e.Note, "/", " of ")
	call := t.call()
	switch e.What {
	case bot.Asked:
		return bot.Say("{}{} asks for {}. {} of {} must agree; the buttons are on the card.", call, by, name, capital(number(r.Policy.Required)), who(r.Policy, t.Approvers))
	case bot.Agreed:
		if e.Note == fmt.Sprintf("%d/%[1]d", r.Policy.Required) {
			return bot.Say("{} agreed: {}. It goes to Genuin now.", by, count)
		}
		return bot.Say("{} agreed: {}.", by, count)
	case bot.TookBack:
		return bot.Say("{} took the yes back: {}.", by, count)
	case bot.Denied:
		if e.Note == "" {
			return bot.Say("{} {} denied {}, without giving a reason.", t.asker(), by, name)
		}
		return bot.Say("{} {} denied {}: {}", t.asker(), by, name, e.Note)
	case bot.ChangesAsked:
		if t.Thread != 0 {
			return bot.Say("{} asks for a change: {}", by, e.Note)
		}
		return bot.Say("{} {} asks for a change: {}\nPress {} on the card.", t.asker(), by, e.Note, bot.Bold("Edit"))
	case bot.Edited:
		if e.Note == "" { // changes were asked for, and none was made
			return bot.Say("{}{} sent it again as it was.{}", call, by, t.anew())
		}
		return bot.Say("{}{} changed it. {}{}", call, by, e.Note, t.anew())
	case bot.Withdrawn:
		return bot.Say("{} withdrew it.", by)
	case bot.Reminded:
		if e.By.ID != "" {
			return bot.Say("{}{} asks you to decide on {}: {} so far.", call, by, name, count)
		}
		return bot.Say("{}{} still waits: {} so far.", call, name, count)
	default: // Expired
		if t.Thread != 0 {
			return bot.Say("Nobody decided on {} in time, so it expired.", name)
		}
		if r.Calls.Lost { // then the card is about what may exist, and has no such button
			return bot.Say("{} Nobody decided on {} in time, so it expired.", t.asker(), name)
		}
		return bot.Say("{} Nobody decided on {} in time, so it expired. Press {} on the card to send it again, with everything filled in.", t.asker(), name, bot.Bold("Ask again"))
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
