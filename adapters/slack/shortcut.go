package slack

import (
	"context"
	"strings"
	"sync"

	"communitybot/bot"
	"communitybot/bot/words"
)

// callbackOf names the shortcut to a command: "create-community:description". readCallback reads it.
func callbackOf(command string, s bot.Shortcut) string { return command + ":" + s.Field }

func readCallback(callback string) (command, field string) {
	command, field, _ = strings.Cut(callback, ":")
	return command, field
}

// shortcut answers a shortcut on a message as a typed command is answered. What is private goes to its response_url.
// https://docs.slack.dev/interactivity/implementing-shortcuts#messages
func (a *Adapter) shortcut(ctx context.Context, h bot.Handler, p interaction) {
	soon, cancel := context.WithTimeout(ctx, localeWithin)
	defer cancel()
	var named sync.WaitGroup
	named.Go(func() { a.learn(soon, p.Message.Text) })
	by := a.withLocale(ctx, p.by())
	named.Wait()
	e := a.used(p, by)
	w := words.For(e.By.Locale)
	reply, err := a.handle(ctx, h, e)
	if err != nil {
		a.respondTo(ctx, p, private(said(w.Explain(err))))
		return
	}
	switch r := reply.(type) {
	case bot.Ask:
		if problem := a.open(ctx, a.api.OpenViewContext, p.TriggerID, r.Form, e, w.Chat.TypeAgain); problem != "" {
			a.respondTo(ctx, p, private(said(problem)))
		}
	case bot.Tell:
		a.respondTo(ctx, p, private(draw(tellCard(r))))
	}
}

// used returns the event of a shortcut on a message: its command with the message's words. It happens in the channel, not
// at the message.
func (a *Adapter) used(p interaction, by bot.User) bot.Event {
	command, field := readCallback(p.CallbackID)
	e := bot.Event{Call: bot.Call{Command: command}, Step: bot.Open, ID: triggered(p.TriggerID), By: by, At: p.place()}
	if text := a.plainWords(p.Message.Text); field != "" && text != "" {
		e.Values = bot.Values{field: text}
	}
	return e
}
