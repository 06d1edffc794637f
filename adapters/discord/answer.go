package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"communitybot/bot"
	"communitybot/bot/words"

	"github.com/bwmarrin/discordgo"
)

// The types of response.
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
const (
	pong          = 1
	newMessage    = 4
	nothing       = 6
	updateMessage = 7
	suggestions   = 8
	showModal     = 9
)

// response is the answer to an interaction, whatever way it goes back.
type response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
	// legacy draws the answer in an older way. It is asked when Discord refused this one as invalid, which only the
	// gateway's callback hears. Nil: there is no other way.
	legacy func(context.Context) response
}

// private answers with a message that only the one who acted sees.
func private(m message) response {
	m.Flags |= discordgo.MessageFlagsEphemeral
	return response{Type: newMessage, Data: m}
}

// turn is one interaction while it is answered.
type turn struct {
	*Adapter
	h       bot.Handler
	in      *interaction
	w       *words.Words // in the language of the one who acted
	opened  bot.Values   // of the call that opens a form
	plainly bool         // Discord refused labels in this very answer
}

// answer answers one interaction, wherever it came from.
func (a *Adapter) answer(ctx context.Context, h bot.Handler, in *interaction) response {
	t := turn{Adapter: a, h: h, in: in, w: words.For(in.Locale)}
	if a.strange(in) {
		return t.turnAway()
	}
	a.passes.keep(in, a.now())
	return t.answer(ctx)
}

// strange reports whether an interaction comes from a server that the bot is not for. In direct messages people can use
// what the bot posted there; it writes to those who asked on a server.
func (a *Adapter) strange(in *interaction) bool {
	if len(a.guilds) == 0 || in.Type == ping {
		return false
	}
	if in.Guild == "" {
		return in.Type == command || in.Type == autocomplete
	}
	return !slices.Contains(a.guilds, in.Guild)
}

// turnAway answers a stranger, whom nobody is told of.
func (t turn) turnAway() response {
	if t.in.Type == autocomplete {
		return response{Type: suggestions, Data: map[string][]suggestion{"choices": {}}}
	}
	return private(plain(t.w.Chat.Stranger))
}

func (t turn) answer(ctx context.Context) response {
	switch t.in.Type {
	case ping:
		return response{Type: pong}
	case autocomplete:
		return t.suggest(ctx)
	case command:
		return t.open(ctx, t.called(t.in))
	case component:
		return t.pressed(ctx)
	default:
		return t.sent(ctx)
	}
}

// open answers a typed command or a card's button.
func (t turn) open(ctx context.Context, call bot.Call) response {
	t.opened = call.Values
	reply, err := t.handle(ctx, bot.Open, call, t.eventID())
	if err != nil {
		return t.failed(err)
	}
	return t.reply(ctx, reply)
}

// pressed answers a button or a menu.
func (t turn) pressed(ctx context.Context) response {
	id := t.in.Data.CustomID
	if v, draft, arg, ok := parseDraftID(id); ok {
		switch v {
		case openPage:
			return t.openPage(ctx, draft, arg)
		case review:
			return t.review(ctx, draft)
		case submit:
			return t.submit(ctx, draft)
		case choose:
			return t.choose(ctx, draft, arg)
		}
		return private(plain(t.w.Chat.UnknownButton))
	}
	call, err := bot.ParseCall(id)
	if err != nil || strings.ContainsAny(id[:1], markWhole+markPage+markDraft) {
		return private(plain(t.w.Chat.UnknownButton))
	}
	return t.open(ctx, call)
}

// sent answers a modal.
func (t turn) sent(ctx context.Context) response {
	id := t.in.Data.CustomID
	if call, ok := parseMarked(id, markWhole); ok {
		return t.sendWhole(ctx, call)
	}
	if call, ok := parseMarked(id, markPage); ok {
		return t.firstPage(ctx, call)
	}
	switch v, draft, command, _ := parseDraftID(id); v {
	case mergePage:
		return t.mergePage(ctx, draft, command)
	case mergeWhole:
		return t.resend(ctx, draft, command)
	}
	return private(plain(t.w.Chat.UnknownForm))
}

// handle lets the command answer. A panic in it is an error of ours, and not the end of the process.
func (t turn) handle(ctx context.Context, s bot.Step, call bot.Call, id string) (reply bot.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			t.panicked(ctx, "discord: panic in a command", p, "command", call.Command)
			reply, err = nil, &bot.Error{Code: bot.Internal, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return t.h.Handle(ctx, bot.Event{Call: call, Step: s, Field: t.in.focused(), ID: id, By: t.in.who(), At: t.in.where()})
}

// eventID is what a redelivery repeats.
func (t turn) eventID() string { return platform + ":" + t.in.ID }

// reply draws what a command answered.
func (t turn) reply(ctx context.Context, r bot.Reply) response {
	switch r := r.(type) {
	case bot.Ask:
		return t.ask(ctx, r.Form)
	case bot.Tell:
		return t.tell(ctx, r)
	case bot.Done:
		return t.done(r.Text)
	}
	return t.done(nil)
}

// show answers with a private message: the one that was acted on, redrawn, or else a new one.
func (t turn) show(m message) response {
	r := private(m)
	if t.in.onPrivate() {
		r.Type = updateMessage
	}
	return r
}

// tell answers with words that only the one who acted sees, and the buttons below them.
func (t turn) tell(ctx context.Context, r bot.Tell) response {
	m := say(r.Text)
	if err := m.add(r.Actions); err != nil {
		return t.undrawn(ctx, err)
	}
	if r.Beside {
		return private(m)
	}
	return t.show(m)
}

func (t turn) done(text bot.Text) response {
	if len(text) > 0 {
		return t.show(say(text))
	}
	if t.in.Type == component && !t.in.onPrivate() {
		return response{Type: nothing}
	}
	return t.show(plain(t.w.Chat.Done))
}

// failed says in private why nothing came of it.
func (t turn) failed(err error) response { return private(plain(t.w.Explain(err))) }

// undrawn answers when a reply has buttons that Discord can't show: a bug of the command.
func (t turn) undrawn(ctx context.Context, err error) response {
	t.log.ErrorContext(ctx, "discord: reply not drawn", "err", err)
	return t.failed(err)
}
