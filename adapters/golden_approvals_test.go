package adapters_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/commands"
)

// TestEveryCardOfAnApproval pins the cards of both threads, and what is told below each, for every way that approvers
// and requester can take.
func TestEveryCardOfAnApproval(t *testing.T) {
	can := commands.New(commands.Options{Types: types, Categories: cats, Now: func() time.Time { return noon }})
	for name, live := range map[string]func(r *bot.Request, by func(string) bot.Event) error{
		"pending": func(*bot.Request, func(string) bot.Event) error { return nil },
		"agreed":  func(r *bot.Request, by func(string) bot.Event) error { return r.Approve(by("Ben"), 1, noon) },
		"enough": func(r *bot.Request, by func(string) bot.Event) error {
			if err := r.Approve(by("Ben"), 1, noon); err != nil {
				return err
			}
			return r.Approve(by("Cleo"), 1, noon)
		},
		"taken-back": func(r *bot.Request, by func(string) bot.Event) error {
			if err := r.Approve(by("Ben"), 1, noon); err != nil {
				return err
			}
			return r.TakeBack(by("Ben"), 1, noon)
		},
		"denied": func(r *bot.Request, by func(string) bot.Event) error {
			return r.Deny(by("Ben"), 1, "We have <one>", noon)
		},
		"changes": func(r *bot.Request, by func(string) bot.Event) error {
			return r.AskForChanges(by("Ben"), 1, "Another name", noon)
		},
		"edited": func(r *bot.Request, by func(string) bot.Event) error {
			c := r.Community
			c.Name = "Other"
			return r.Edit(by("Ada"), 1, c, "", "Name: Acme → Other", noon)
		},
		"withdrawn": func(r *bot.Request, by func(string) bot.Event) error { return r.Withdraw(by("Ada"), 1, noon) },
		"reminded":  func(r *bot.Request, _ func(string) bot.Event) error { return r.Awake(noon.Add(24 * time.Hour)) },
		"by-hand":   func(r *bot.Request, by func(string) bot.Event) error { return r.Remind(by("Ada"), 1, noon) },
		"expired":   func(r *bot.Request, _ func(string) bot.Event) error { return r.Awake(noon.Add(72 * time.Hour)) },
	} {
		for _, platform := range []string{"slack", "discord"} {
			t.Run(platform+"/"+name, func(t *testing.T) {
				w, set := newFake(t, platform)
				r := w.waiting()
				err := live(r, func(who string) bot.Event {
					return bot.Event{ID: "click", By: bot.User{Platform: platform, ID: w.ids[who], Name: who, Groups: []string{w.ids["ops"]}}, At: r.Threads[1].At}
				})
				if err != nil {
					t.Fatal(err)
				}
				approvers := []bot.User{{Platform: platform, ID: w.ids["ops"], Name: "ops", Group: true}}
				for i, thread := range r.Threads {
					drawn := [][]byte{}
					post := func(at bot.Place, c bot.Card) bot.Place {
						p, err := set.Platforms()[platform].Post(t.Context(), at, c)
						if err != nil {
							t.Fatal(err)
						}
						drawn = append(drawn, w.sent(t))
						return p
					}
					card := can.Card(r, i, approvers)
					card.Key = r.CardKey(i)
					at := post(thread.At, card)
					for _, e := range r.News() {
						if r.Hears(i, e) {
							post(at, bot.Card{Key: r.LineKey(i, e), Text: can.Line(commands.Told{Request: r, Entry: e, Thread: i, Approvers: approvers}), Thread: "Acme"})
						}
					}
					golden(t, platform, fmt.Sprintf("approval-%s-%d", name, i), []byte("["+string(bytes.Join(drawn, []byte(",")))+"]"))
				}
			})
		}
	}
}

// waiting is a request that two of a group must agree to, in a channel of their own.
func (w *world) waiting() *bot.Request {
	e := bot.Event{ID: "e1", By: bot.User{Platform: w.name, ID: w.ids["Ada"], Name: "Ada"}, At: bot.Place{Platform: w.name, Tenant: "T1", Channel: w.channel}}
	r := bot.NewRequest(e, full, "For the launch", bot.Policy{
		Required: 2, Approvers: []bot.Approver{{Platform: w.name, ID: w.ids["ops"]}}, Expiry: 72 * time.Hour, Reminder: 24 * time.Hour,
		Channel: bot.Place{Platform: w.name, Tenant: "T1", Channel: w.approvalsChannel()},
	}, noon)
	r.ID = 42
	return &r
}
