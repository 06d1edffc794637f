package slack

import (
	"context"
	"sync"

	"communitybot/bot"
	"communitybot/bot/words"
)

// homes are those that are being drawn. Each is drawn once at a time, from asking what stands on it until Slack has it, so
// that what is older never comes after what is newer.
type homes struct {
	mu   sync.Mutex
	next map[string]*drawing // by person: what is to be drawn after what is; nil: nothing
}

// drawing is a home to be drawn because of an event: it was opened, or something was done there.
type drawing struct {
	event  bot.Event
	opened bool
}

// begin takes a person's home, and reports false when it is being drawn: then this comes next, instead of whatever else
// was to.
func (h *homes) begin(d drawing) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, busy := h.next[d.event.By.ID]; busy {
		h.next[d.event.By.ID] = &d
		return false
	}
	if h.next == nil {
		h.next = map[string]*drawing{}
	}
	h.next[d.event.By.ID] = nil
	return true
}

// then returns what is to be drawn next on a person's home, or gives the home back.
func (h *homes) then(person string) *drawing {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := h.next[person]
	if next == nil {
		delete(h.next, person)
		return nil
	}
	h.next[person] = nil
	return next
}

// redrawHome draws the home of whoever acted there again, after e. Who acted elsewhere sees it when they open it.
func (a *Adapter) redrawHome(ctx context.Context, h bot.Handler, e bot.Event) {
	if atHome(e.At) {
		a.drawHome(ctx, h, drawing{event: bot.Event{
			Call: bot.Call{Command: bot.Home}, Step: bot.Open, ID: e.ID + ":home", By: e.By, At: e.At,
		}})
	}
}

// drawHome has somebody's home drawn, later.
func (a *Adapter) drawHome(ctx context.Context, h bot.Handler, d drawing) {
	if !a.homes.begin(d) {
		return
	}
	a.later(ctx, func(ctx context.Context) {
		for next := &d; next != nil; next = a.homes.then(d.event.By.ID) {
			a.guarded(ctx, func(ctx context.Context) { a.draw(ctx, h, *next) })
		}
	})
}

// draw shows somebody what concerns them, on their home. To whoever opened it an error is told there, as there is no
// other place; else what is there stays. https://docs.slack.dev/surfaces/app-home
func (a *Adapter) draw(ctx context.Context, h bot.Handler, d drawing) {
	e := d.event
	if d.opened {
		e.By = a.withLocale(ctx, e.By)
	}
	soon, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	reply, err := a.handle(soon, h, e)
	board, isBoard := reply.(bot.Board)
	if err != nil && d.opened {
		board, isBoard = bot.Board{Cards: []bot.Card{plainCard(words.For(e.By.Locale).Explain(err))}}, true
	}
	if isBoard {
		a.publish(ctx, e.By.ID, board)
	}
}
