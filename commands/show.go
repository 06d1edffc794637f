package commands

import (
	"context"
	"errors"
	"fmt"
	"time"

	"communitybot/bot"
	"communitybot/bot/crash"
)

// show brings a request's cards and threads up to what its row says. What was posted is noted after each message, so
// another run goes on from there; the first message of a run that follows a dropped one may be there already, and is
// looked for before it is posted.
func (w *Worker) show(ctx context.Context, id int64) error {
	dropped := false
	r, err := w.Store.Change(ctx, id, "", func(r *bot.Request) (err error) {
		dropped, err = r.Begin(bot.Sync, w.Owner, w.Now(), drawing)
		return err
	})
	if err != nil {
		return err
	}
	crash.At(crash.Showing)
	ctx, cancel := context.WithTimeout(ctx, drawing-10*time.Second) // over before the lease is
	defer cancel()
	ctx, end := w.Life.While(bot.OnlyWhile(ctx, w.Life.Alive))
	defer end()
	held := r.Tasks[bot.Sync].Held
	var failed error
	for i := 0; i < len(r.Threads); i++ { // one that is left on the way comes last
		s := showing{Worker: w, r: r, i: i, held: held, doubt: dropped}
		err := s.safely(ctx)
		if errors.Is(err, bot.ErrTaken) {
			return err
		}
		if err != nil {
			w.Log.Warn("showing a request failed", "request", id, "platform", r.Threads[i].At.Platform, "code", bot.CodeOf(err), "err", err)
			if !slowedDown(err) && failed == nil { // else their own thread may have more than we know
				s.sayNotYet(ctx)
			}
			failed = errors.Join(failed, err)
		}
		r = s.r
	}
	_, err = w.Store.Change(context.WithoutCancel(ctx), id, "", func(r *bot.Request) error {
		if !r.Holds(bot.Sync, w.Owner, held) {
			return bot.ErrTaken
		}
		if failed == nil {
			r.Finish(bot.Sync)
			return nil
		}
		r.Doubt(bot.Sync)
		r.Postpone(bot.Sync, w.Now().Add(pause(failed, tries(r))))
		return nil
	})
	return err
}

// safely is thread, and a panic in it is an error like others: it is tried again, later and later.
func (s *showing) safely(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = s.caught("platform", p)
		}
	}()
	return s.thread(ctx)
}

// slowedDown reports whether a platform is there and only asks to wait: that is neither news nor an outage.
func slowedDown(err error) bool {
	var e *bot.Error
	return errors.As(err, &e) && e.Code == bot.Busy && e.RetryAfter > 0 && e.RetryAfter <= atMost
}

// hopeless is how many failed tries it takes to believe a platform that it will never take a message.
const hopeless = 5

// tries is how many times showing a request failed so far.
func tries(r *bot.Request) int {
	if t := r.Tasks[bot.Sync]; t != nil {
		return t.Tries
	}
	return 0
}

// pause is how long to wait after a failure on a platform.
func pause(err error, tries int) time.Duration {
	wait := min(again<<min(tries, 12), atMost)
	var e *bot.Error
	if errors.As(err, &e) {
		wait = max(wait, e.RetryAfter)
	}
	return wait
}

// showing is one thread of a request being brought up to date.
type showing struct {
	*Worker
	r     bot.Request
	i     int
	held  int  // the claim
	doubt bool // the next message may have been posted by an earlier run
	line  bool // what was tried last is to tell a line: the card above it stands
}

// thread posts or redraws the card and then tells the news below it. When the place turns out to be closed to the bot,
// it goes on where the request says.
func (s *showing) thread(ctx context.Context) (err error) {
	gone := false
	for range 6 { // the channel, a card that was deleted, a direct message, the same there, what their last command left open
		err = s.bring(ctx)
		if errors.Is(err, bot.ErrTaken) {
			return err
		}
		if !slowedDown(err) {
			s.noteReach(err)
		}
		code := bot.CodeOf(err)
		if code == bot.Internal && tries(&s.r) >= hopeless || code == bot.Gone && gone {
			code = bot.NoAccess // it will never be taken there, or is deleted as soon as it is
		}
		gone = gone || code == bot.Gone
		switch code {
		case bot.NoAccess:
			if err := s.closedTo(ctx, err); err != nil {
				return err
			}
		case bot.Gone:
			if err := s.keep(ctx, func(r *bot.Request) { r.CardGone(s.i) }); err != nil {
				return err
			}
		default:
			return err
		}
	}
	return err
}

// closedTo takes note that a place is closed to the bot. Where only a line was refused the card stands, and whoever is to
// decide can.
func (s *showing) closedTo(ctx context.Context, err error) error {
	s.Log.Warn("no access to a channel; going on in private", "request", s.r.ID, "err", err)
	line, upTo := s.line && bot.CodeOf(err) != bot.Gone, s.r.Entries
	return s.keep(ctx, func(r *bot.Request) {
		if line {
			r.Untold(s.i, upTo, s.Now())
		} else {
			r.Unreachable(s.i, s.Now())
		}
	})
}

// sayNotYet tells the requester that the approvers can't be asked yet. Failing to is no harm: it is tried again.
func (s *showing) sayNotYet(ctx context.Context) {
	if s.i == 0 || !s.r.AsksIn(s.i) {
		return
	}
	r, err := s.Store.Change(ctx, s.r.ID, "", func(r *bot.Request) error { return r.NotYet(s.Now()) })
	if err == nil {
		own := showing{Worker: s.Worker, r: r, held: s.held}
		err = own.thread(ctx)
		s.r = own.r
	}
	if err != nil && !errors.Is(err, bot.ErrNoTask) {
		s.Log.Warn("could not say that the approvers are not asked yet", "request", s.r.ID, "err", err)
	}
}

// noteReach keeps in mind whether the approvers' channel can be reached. What goes to the requester in private instead
// says nothing about it.
func (s *showing) noteReach(err error) {
	t := s.r.Threads[s.i]
	if s.r.Policy.Channel.Channel == "" || !s.r.AsksIn(s.i) || t.Dead || t.Private {
		return
	}
	if err == nil {
		s.closed.Store(nil)
	} else if bot.CodeOf(err) != bot.Gone { // a card that was deleted is posted again
		s.closed.Store(&closed{err, s.Now()})
	}
}

func (s *showing) bring(ctx context.Context) error {
	s.line = false
	t := s.r.Threads[s.i]
	if t.Dead {
		return nil
	}
	platform := s.Platforms[t.At.Platform]
	if platform == nil {
		err := fmt.Errorf("request %d is on %s, which is not configured", s.r.ID, t.At.Platform)
		if s.i > 0 { // the requester is to hear of it; their own thread waits until it is
			return &bot.Error{Code: bot.NoAccess, Err: err}
		}
		return err
	}
	for s.behind() {
		if err := s.drawCard(ctx, platform); err != nil {
			return err
		}
	}
	upTo := s.r.Entries // what happens from now on is told after the card shows it
	entries, err := s.Store.History(ctx, s.r.ID, s.r.Threads[s.i].Told)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if s.r.Hears(s.i, e) && e.Seq <= upTo {
			if err := s.tell(ctx, platform, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// behind reports whether the card is missing or shows an earlier state. One that fades can't be redrawn.
func (s *showing) behind() bool {
	t := s.r.Threads[s.i]
	if t.Fading {
		return t.Shown == 0
	}
	return t.At.Message == "" || t.Shown < s.r.Changed
}

func (s *showing) drawCard(ctx context.Context, platform bot.Platform) error {
	t, changed := s.r.Threads[s.i], s.r.Changed
	card := s.Card(&s.r, s.i, s.approvers(ctx, &s.r))
	card.Key, card.Since = s.r.CardKey(s.i), t.Since
	if t.At.Message == "" {
		if s.doubt && !t.Fading {
			changed = 0 // a card that is found may show an earlier state
		}
		at, err := s.post(ctx, platform, t.At, card)
		if err != nil {
			return err
		}
		return s.keep(ctx, func(r *bot.Request) { r.Posted(s.i, at, changed) })
	}
	if !s.Life.Alive() {
		return bot.ErrTaken
	}
	err := platform.Update(ctx, t.At, card)
	if bot.CodeOf(err) == bot.Internal {
		err = platform.Update(ctx, t.At, plainly(card))
	}
	if err != nil {
		return err
	}
	crash.At(crash.Drawn)
	return s.keep(ctx, func(r *bot.Request) { r.Drawn(s.i, changed) })
}

// post posts a message that may be there already. One that the platform can't take as it is goes as plain words.
func (s *showing) post(ctx context.Context, platform bot.Platform, at bot.Place, card bot.Card) (bot.Place, error) {
	if !s.Life.Alive() {
		return bot.Place{}, bot.ErrTaken
	}
	card.Again = s.doubt
	posted, err := platform.Post(ctx, at, card)
	if bot.CodeOf(err) == bot.Internal {
		s.Log.Error("a message was refused; trying it in plain words", "request", s.r.ID, "err", err)
		card.Again = true // nothing is known of the first, so look
		posted, err = platform.Post(ctx, at, plainly(card))
	}
	if err == nil {
		s.doubt = false
		crash.At(crash.Posted)
	}
	return posted, err
}

// plainly is a card without all that a platform might refuse about it.
func plainly(c bot.Card) bot.Card {
	return bot.Card{Key: c.Key, Again: c.Again, Since: c.Since, After: c.After, Title: c.Title, Text: bot.Text{bot.Plain(c.Text.String())}, Actions: c.Actions, Thread: c.Thread}
}

func (s *showing) tell(ctx context.Context, platform bot.Platform, e bot.Entry) error {
	naming, cancel := context.WithTimeout(ctx, namedWithin)
	defer cancel()
	approvers, err := s.named(naming, s.r.Policy, s.r.At)
	if err != nil && s.r.AsksIn(s.i) && tries(&s.r) < hopeless {
		return err // a mention of somebody unknown notifies nobody
	}
	var free []string
	if e.What == bot.Failed && e.Reason == bot.HandleTaken {
		if free, err = suggest(ctx, s.Store, s.r.Community.Handle); err != nil {
			return err
		}
	}
	card := bot.Card{Key: s.r.LineKey(s.i, e), Since: e.At, After: s.r.Threads[s.i].Last, Thread: s.r.Community.Name,
		Text: s.Line(Told{Request: &s.r, Entry: e, Thread: s.i, Approvers: approvers, Free: free})}
	if t := s.r.Threads[s.i]; t.Fading && t.Shown > 0 { // the card can't be redrawn, so what can be done stands here
		card.Actions = s.aloud(&s.r).asking(&s.r)
	}
	s.line = true
	at, err := s.post(ctx, platform, s.r.Threads[s.i].At, card)
	if err != nil {
		return err
	}
	return s.keep(ctx, func(r *bot.Request) { r.Told(s.i, e, at, s.Now()) })
}

// keep notes what was shown. It goes on when ctx ends: what people see must be known.
func (s *showing) keep(ctx context.Context, fn func(*bot.Request)) error {
	r, err := s.Store.Change(context.WithoutCancel(ctx), s.r.ID, "", func(r *bot.Request) error {
		if !r.Holds(bot.Sync, s.Owner, s.held) {
			return bot.ErrTaken
		}
		fn(r)
		return nil
	})
	if err == nil {
		s.r = r
		crash.At(crash.Kept)
	}
	return err
}
