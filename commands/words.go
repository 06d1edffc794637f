package commands

import (
	"strings"

	"communitybot/bot"
)

// stands says in a sentence of its own where a request stands.
func stands(r *bot.Request) string {
	switch r.State {
	case bot.Pending:
		return "it waits for approval."
	case bot.Approved, bot.Creating:
		return "it is on its way to Genuin."
	case bot.IsCreated:
		return "the community exists."
	case bot.HasFailed:
		return "Genuin did not make it. It can be fixed and sent again from its card."
	default:
		return "the community may exist already. Its card says how to go on."
	}
}

// status is what the card says under its title.
func status(r *bot.Request) bot.Text {
	switch r.State {
	case bot.Pending:
		return bot.Say("Waits for approval.")
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
		return bot.Say("Genuin did not make it. The thread says why; everything that was filled in is kept.")
	default:
		return bot.Say("It may exist on Genuin. The thread says why; its link is not known.")
	}
}

// Line says in a thread what happened. free are handles to choose instead of one that is taken.
func Line(r *bot.Request, e bot.Entry, free []string) bot.Text {
	name := bot.Bold(r.Community.Name)
	switch e.What {
	case bot.Trouble:
		return trouble(r, e)
	case bot.Created:
		if r.Made.URL == "" {
			return bot.Say("{} {} exists on Genuin now. Genuin sent no link for it; look there for {}.", bot.Mention(r.By), name, bot.Literal(r.Community.Handle))
		}
		return bot.Say("{} {} exists on Genuin now: {}", bot.Mention(r.By), name, bot.Link{URL: r.Made.URL})
	case bot.Failed:
		return failed(r, e, free)
	case bot.Unconfirmed:
		return unconfirmed(r, e)
	case bot.Resent:
		if e.Note == "" {
			return bot.Say("{} sent it again as it was.", bot.Name(e.By))
		}
		return bot.Say("{} changed it and sent it again. {}", bot.Name(e.By), e.Note)
	case bot.Retried:
		return bot.Say("{} has it tried again.", bot.Name(e.By))
	case bot.Linked:
		return bot.Say("{} found it on Genuin. {} is here: {}", bot.Name(e.By), name, bot.Link{URL: r.Made.URL})
	case bot.Hidden:
		return bot.Say("I can't post in the channel where you asked for {}, so the news comes here. "+
			"To have it there the next time, somebody has to add me to that channel.", name)
	}
	return nil
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

func failed(r *bot.Request, e bot.Entry, free []string) bot.Text {
	who := bot.Mention(r.By)
	switch e.Reason {
	case bot.HandleTaken:
		perhaps := ""
		if len(free) > 0 {
			perhaps = "Perhaps free: " + strings.Join(free, ", ") + ". "
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

func unconfirmed(r *bot.Request, e bot.Entry) bot.Text {
	who, handle := bot.Mention(r.By), bot.Literal(r.Community.Handle)
	if e.Reason == bot.HandleTaken {
		return bot.Say("{} The community {} exists on Genuin, and it is probably ours: an earlier try got no answer, and now the handle is taken. "+
			"Its link is not known. Please look on Genuin: if it is ours, press {} on the card; if not, {}.",
			who, handle, bot.Bold("It's ours – add link"), bot.Bold("Choose another handle"))
	}
	return bot.Say("{} The community {} may exist on Genuin: an earlier try got no answer, and now Genuin does not make it{}. "+
		"Please look there: if it is ours, press {} on the card; if it is not there, {}.",
		who, handle, quoted(e.Note), bot.Bold("It's ours – add link"), bot.Bold("Fix and resubmit"))
}
