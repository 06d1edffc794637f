package commands

import (
	"errors"

	"communitybot/bot"
)

// inWords puts what a request refused in words for the one who acted. who are the approvers, where that matters.
func (v voice) inWords(r *bot.Request, who string, err error) error {
	say := func(code bot.Code, words string, pairs ...any) error {
		return &bot.Error{Code: code, Err: err, Message: v.fill(words, pairs...)}
	}
	switch {
	case errors.Is(err, bot.ErrNotYours):
		return say(bot.Forbidden, v.Refused.NotYours, "asker", r.By.Name)
	case errors.Is(err, bot.ErrOld):
		return say(bot.Conflict, v.Refused.Old, "stands", v.stands(r))
	case errors.Is(err, bot.ErrNotNow):
		return say(bot.Conflict, v.Refused.NotNow, "stands", v.stands(r))
	case errors.Is(err, bot.ErrOwn):
		return say(bot.Forbidden, v.Refused.Own, "who", who)
	case errors.Is(err, bot.ErrNotApprover):
		return say(bot.Forbidden, v.Refused.NotApprover, "who", who)
	case errors.Is(err, bot.ErrNotHere):
		return say(bot.Forbidden, v.Refused.NotHere, "who", who)
	case errors.Is(err, bot.ErrExpired):
		return say(bot.Conflict, v.Refused.Expired)
	case errors.Is(err, bot.ErrNotVoted):
		return say(bot.Conflict, v.Refused.NotVoted)
	case errors.Is(err, bot.ErrSame):
		return say(bot.Conflict, v.Refused.Same)
	case errors.Is(err, bot.ErrTooSoon):
		return say(bot.Conflict, v.Refused.TooSoon)
	}
	return err
}
