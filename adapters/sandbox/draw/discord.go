package draw

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"communitybot/adapters/person"
)

// Discord draws a message with its thread and the replies to it, which m.Thread holds. A payload that can't be read is
// drawn as the words of the message, and said to be so.
func Discord(m person.Sent, w World) template.HTML { return discordDrawn(m, nil, w) }

// discordView is what the template of a message is made of.
type discordView struct {
	person.Sent
	App      bool // the author is no person
	Initial  string
	Tone     uint32 // of the avatar
	Posted   discordPieces
	By, Used string // who got it by a command, and its name, where that is known
	Reply    *discordReply
	Thinking bool
	Problem  string // why it can't be drawn as it was sent
	Content  discordPieces
	Embeds   []discordCard
	Parts    []discordPart
	Title    string // the thread's
	Inside   []template.HTML
	Replies  []template.HTML
}

// discordReply is what a message is a reply to.
type discordReply struct{ ID, Author, Words string }

// discordDrawn draws a message; parent is the one that it is drawn under, or nil.
func discordDrawn(m person.Sent, parent *person.Sent, w World) template.HTML {
	v := discordView{Sent: m, Posted: discordPosted(m.At)}
	var p discordMessage
	if err := json.Unmarshal(m.Payload, &p); err != nil {
		v.Problem, v.Content = err.Error(), discordPieces{{Kind: "paragraph", Inside: discordPieces{{Text: m.Text}}}}
	}
	v.Author, v.App = cmp.Or(m.Author, p.Author.name(w)), p.Author.Bot
	v.Initial, v.Tone = discordInitial(v.Author), discordTone(cmp.Or(p.Author.ID, v.Author))
	v.Private = m.Private || p.Flags&discordPrivate != 0
	v.Edited = m.Edited || p.Edited != nil
	v.Thinking = p.Flags&discordLoading != 0
	v.By, v.Used = p.Metadata.used(w)
	if p.Reference != nil {
		v.Reply = discordReplyTo(p.Reference.MessageID, parent)
	}
	if v.Problem == "" {
		v.Content = discordReader{World: w, names: true}.markdown(p.Content)
	}
	if p.Flags&discordNoEmbeds == 0 {
		for _, e := range p.Embeds {
			v.Embeds = append(v.Embeds, e.card(w))
		}
	}
	v.Parts = discordParts(p.Components, "discord-"+m.ID, w)
	v.under(p, w)
	return run("discord-message", v)
}

// under draws what stands under a message: replies are in its own channel, what is in its thread is not.
func (v *discordView) under(p discordMessage, w World) {
	if p.Thread != nil {
		v.Title = p.Thread.Name
	}
	for _, m := range v.Sent.Thread {
		var below discordMessage
		reply := json.Unmarshal(m.Payload, &below) == nil && below.Reference != nil && below.ChannelID == p.ChannelID
		if reply {
			v.Replies = append(v.Replies, discordDrawn(m, &v.Sent, w))
		} else {
			v.Inside = append(v.Inside, discordDrawn(m, nil, w))
		}
	}
	if v.Title == "" && len(v.Inside) > 0 {
		v.Title = "Thread"
	}
}

// Count says how many messages the thread has.
func (v discordView) Count() string {
	if len(v.Inside) == 1 {
		return "1 message"
	}
	return fmt.Sprintf("%d messages", len(v.Inside))
}

// used says who used which command to get a message; nothing when it was no command. Its name may not be known.
func (x *discordMetadata) used(w World) (by, command string) {
	if x != nil && x.Trigger != nil {
		x = x.Trigger
	}
	if x == nil || x.Type != discordCommand {
		return "", ""
	}
	return cmp.Or(x.User.name(w), "Somebody"), x.Name
}

// discordReplyTo shows what a message is a reply to: its beginning, where it is known.
func discordReplyTo(id string, parent *person.Sent) *discordReply {
	if parent == nil || parent.ID != id {
		return &discordReply{ID: id}
	}
	words, _, _ := strings.Cut(parent.Text, "\n")
	if runes := []rune(words); len(runes) > 80 {
		words = string(runes[:79]) + "…"
	}
	return &discordReply{ID: id, Author: parent.Author, Words: words}
}

// discordPosted is when a message was posted; nothing when that is not known.
func discordPosted(at time.Time) discordPieces {
	if at.IsZero() {
		return nil
	}
	return discordPieces{discordTime(at, "s")}
}

// discordInitial is what stands in an avatar.
func discordInitial(name string) string {
	i := strings.IndexFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	r, _ := utf8.DecodeRuneInString(name[max(i, 0):])
	if i < 0 {
		r = '?'
	}
	return string(unicode.ToUpper(r))
}

// discordTone picks one of six colors for an avatar, for the same person always the same.
func discordTone(id string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return h.Sum32() % 6
}

// discordLinks reports whether a link may lead there: the web, and nothing else.
func discordLinks(address string) bool {
	return slices.ContainsFunc([]string{"https://", "http://"}, func(scheme string) bool { return strings.HasPrefix(address, scheme) })
}
