package discordfake

import (
	"slices"
	"strconv"
	"strings"
)

// allowed returns which types of answer an interaction takes: a modal can't answer a modal, and only what came from a
// message can change it.
func (in *interaction) allowed() []int {
	switch {
	case in.kind == kindAutocomplete:
		return []int{callbackAutocomplete}
	case in.kind == kindCommand:
		return []int{callbackMessage, callbackDeferred, callbackModal}
	case in.kind == kindComponent:
		return []int{callbackMessage, callbackDeferred, callbackDeferredEdit, callbackUpdate, callbackModal}
	case in.source != nil:
		return []int{callbackMessage, callbackDeferred, callbackDeferredEdit, callbackUpdate}
	default:
		return []int{callbackMessage, callbackDeferred}
	}
}

// acknowledge applies the first answer to an interaction. An invalid one changes nothing.
func (f *Fake) acknowledge(in *interaction, c *callback) *apiError {
	switch in.state {
	case answered:
		return errAcknowledged
	case dead:
		return errUnknownInter
	}
	if allowed := in.allowed(); !slices.Contains(allowed, c.Type) {
		var names []string
		for _, n := range allowed {
			names = append(names, strconv.Itoa(n))
		}
		return invalid("type", "BASE_TYPE_CHOICES", "Value must be one of {%s}.", strings.Join(names, ", "))
	}
	if problem := f.apply(in, c); problem != nil {
		return problem
	}
	if in.opener != nil {
		f.putAway(in.opener.form) // it was sent
	}
	in.state = answered
	close(in.done)
	return nil
}

func (f *Fake) apply(in *interaction, c *callback) *apiError {
	switch c.Type {
	case callbackModal:
		return f.openModal(in, c)
	case callbackAutocomplete:
		return f.offer(in, c)
	case callbackDeferredEdit:
		in.original = in.source
		return nil
	}
	var b messageBody
	if len(c.Data) > 0 {
		if problem := decode(c.Data, &b); problem != nil {
			return under("data", problem)
		}
	}
	var check checker
	check.message("data.", &b)
	if problem := check.err(); problem != nil {
		return problem
	}
	switch {
	case c.Type == callbackUpdate:
		if f.messages[in.source.ID] == nil {
			return errUnknownMessage
		}
		in.original, in.source.touched = in.source, in
		return f.edit(in.source, &b)
	case c.Type == callbackDeferred:
		in.deferred = true
		b = messageBody{Flags: optional[int]{set: true, value: b.Flags.value & flagEphemeral}}
	case b.empty():
		return errEmptyMessage
	}
	in.original = f.reply(in, &b)
	return nil
}

// reply posts a message with the interaction's token.
func (f *Fake) reply(in *interaction, b *messageBody) *message {
	m := f.post(in.channel, f.bot, b)
	m.ApplicationID, m.WebhookID = f.options.ApplicationID, f.options.ApplicationID
	m.Metadata = f.metadata(in)
	m.origin, m.touched = in, in
	if b.Flags.value&flagEphemeral != 0 {
		m.only, m.Flags = in.who, m.Flags|flagEphemeral
	}
	if in.deferred && in.original == nil {
		m.Flags |= flagLoading
	}
	switch {
	case in.kind == kindCommand:
		m.Type = messageCommand
	case in.kind == kindComponent && f.messages[in.source.ID] != nil:
		m.Type = messageReply
		m.Reference = &reference{MessageID: in.source.ID, ChannelID: in.channel.id, GuildID: f.object(in.channel).GuildID}
	}
	f.notify(m, b.AllowedMentions, onlyUsers)
	return m
}

// offer takes the choices of an autocomplete.
func (f *Fake) offer(in *interaction, c *callback) *apiError {
	var data struct {
		Choices []choice `json:"choices"`
	}
	if problem := decode(c.Data, &data); problem != nil {
		return under("data", problem)
	}
	var check checker
	check.choices("data.choices", data.Choices)
	in.choices = data.Choices
	return check.err()
}

// under puts the errors of a part below its name in the whole.
func under(part string, e *apiError) *apiError {
	if e.Errors == nil {
		return e
	}
	out := *e
	out.Errors = map[string]any{part: e.Errors}
	return &out
}
