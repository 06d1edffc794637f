package commands

import (
	"errors"

	"communitybot/bot"
)

// inWords puts what a request refused in words for the one who acted. who are the approvers, where that matters.
func inWords(r *bot.Request, who string, err error) error {
	say := func(code bot.Code, words string) error { return &bot.Error{Code: code, Err: err, Message: words} }
	switch {
	case errors.Is(err, bot.ErrNotYours):
		return say(bot.Forbidden, "Only "+r.By.Name+", who asked for it, can do that. To have a community of your own, type /create-community.")
	case errors.Is(err, bot.ErrOld):
		return say(bot.Conflict, "This card was out of date, so nothing was changed. By now, "+stands(r))
	case errors.Is(err, bot.ErrNotNow):
		return say(bot.Conflict, "Nothing was changed: "+stands(r))
	case errors.Is(err, bot.ErrOwn):
		return say(bot.Forbidden, "You asked for this one, so others have to decide: "+who+".")
	case errors.Is(err, bot.ErrNotApprover):
		return say(bot.Forbidden, "Thank you, but only "+who+" can decide on this one.")
	case errors.Is(err, bot.ErrNotHere):
		return say(bot.Forbidden, "This one is decided on where its approval was asked for, not here. Who can decide: "+who+".")
	case errors.Is(err, bot.ErrExpired):
		return say(bot.Conflict, "The time to decide on this one is over, so nothing was changed.")
	case errors.Is(err, bot.ErrNotVoted):
		return say(bot.Conflict, "You have not agreed to it, so there is nothing to take back.")
	case errors.Is(err, bot.ErrSame):
		return say(bot.Conflict, "Nothing was changed, so it stays as it is.")
	case errors.Is(err, bot.ErrTooSoon):
		return say(bot.Conflict, "The approvers were reminded less than an hour ago. Please give them some time.")
	}
	return err
}
