package slack

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"communitybot/bot"
	"communitybot/bot/words"
)

// What a message takes, in characters and items. https://docs.slack.dev/reference/block-kit/blocks
const (
	maxBlocks     = 50
	maxHeader     = 150
	maxSection    = 3000
	maxField      = 2000
	maxFields     = 10
	maxAlt        = 2000
	maxImageURL   = 3000
	maxButton     = 75
	maxButtons    = 25
	maxFallback   = 4000 // https://docs.slack.dev/reference/methods/chat.postMessage#truncating
	maxEdited     = 4000 // bytes: https://docs.slack.dev/reference/methods/chat.update#errors (msg_too_long)
	maxTextPieces = 3
	// maxWords is for all text of a message's blocks together. Slack's own limit is about 12,000, its packaging
	// included: https://github.com/slackapi/bolt-js/issues/2509
	maxWords = 10000
)

// drawn is a card or a text as Slack shows it. Text is all of it in plain words, for notifications and screen readers.
type drawn struct {
	text        string
	blocks      []slack.Block
	attachments []slack.Attachment
}

// draw draws a card. Only attachments can have a colour, so one makes all but the first block, the title, an attachment.
// A card with buttons goes without: Slack folds long attachments away, and what people are to press must be seen.
// https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
func draw(c bot.Card) drawn {
	d := drawn{text: escapeWithin(c.Plain(), maxFallback, utf8.RuneCountInString), blocks: blocks(c)}
	if isColor(c.Color) && len(d.blocks) > 1 && len(c.Actions) == 0 {
		body := slack.Attachment{Color: c.Color, Fallback: d.text, Blocks: slack.Blocks{BlockSet: d.blocks[1:]}}
		d.blocks, d.attachments = d.blocks[:1], []slack.Attachment{body}
	}
	return d
}

// said draws plain words.
func said(text string) drawn { return draw(plainCard(text)) }

// webhook returns a message for a response_url or a response body.
func webhook(d drawn) *slack.WebhookMessage {
	m := &slack.WebhookMessage{Text: d.text, Attachments: d.attachments}
	if len(d.blocks) > 0 {
		m.Blocks = &slack.Blocks{BlockSet: d.blocks}
	}
	return m
}

// private returns a message that only the one who acted sees.
func private(d drawn) *slack.WebhookMessage {
	m := webhook(d)
	m.ResponseType = slack.ResponseTypeEphemeral
	return m
}

// canvas collects a card's blocks and keeps count of the words in them.
type canvas struct {
	blocks []slack.Block
	left   int
}

func blocks(c bot.Card) []slack.Block {
	v := &canvas{left: maxWords}
	if title := strings.TrimSpace(c.Title); title != "" {
		v.add(slack.NewHeaderBlock(plainText(cutPlain(title, maxHeader))))
	}
	v.text(c.Text)
	v.facts(c.Facts)
	for _, image := range c.Images {
		if isWeb(image.URL) && utf8.RuneCountInString(image.URL) <= maxImageURL {
			v.add(slack.NewImageBlock(image.URL, cutPlain(orElse(image.Alt, words.English.Chat.Picture), maxAlt), "", nil))
		}
	}
	if footer := v.take(c.Footer, maxField); footer != "" {
		v.add(slack.NewContextBlock("", mrkdwnText(footer)))
	}
	buttons := actions(c.Actions)
	return append(v.blocks[:min(len(v.blocks), maxBlocks-len(buttons))], buttons...)
}

func (v *canvas) add(b slack.Block) { v.blocks = append(v.blocks, b) }

// take draws t within limit and within what is left for the card.
func (v *canvas) take(t bot.Text, limit int) string {
	s := cut(t, min(limit, v.left))
	v.left -= utf8.RuneCountInString(s)
	return s
}

// text draws a card's text in as many sections as it takes, up to some.
func (v *canvas) text(t bot.Text) {
	for _, p := range split(t, maxSection, maxTextPieces) {
		v.left -= utf8.RuneCountInString(p)
		v.add(slack.NewSectionBlock(mrkdwnText(p), nil, nil))
	}
}

// facts draws facts beside each other, and long ones across.
func (v *canvas) facts(facts []bot.Fact) {
	var row []*slack.TextBlockObject
	end := func() {
		if len(row) > 0 {
			v.add(slack.NewSectionBlock(nil, row, nil))
			row = nil
		}
	}
	for _, f := range facts {
		value := f.Value
		if strings.TrimSpace(value.String()) == "" {
			value = bot.Text{bot.Plain("–")}
		}
		text := append(bot.Text{bot.Bold(f.Label), bot.Plain("\n")}, value...)
		if f.Long {
			end()
			if s := v.take(text, maxSection); s != "" {
				v.add(slack.NewSectionBlock(mrkdwnText(s), nil, nil))
			}
			continue
		}
		if s := v.take(text, maxField); s != "" {
			row = append(row, mrkdwnText(s))
		}
		if len(row) == maxFields {
			end()
		}
	}
	end()
}

// actions draws buttons. Each carries its call as text.
func actions(all []bot.Action) []slack.Block {
	var rows []slack.Block
	var row []slack.BlockElement
	for i, action := range all {
		b := slack.NewButtonBlockElement("action-"+strconv.Itoa(i+1), action.Call.String(), plainText(cutPlain(action.Label, maxButton)))
		switch action.Style {
		case bot.Primary:
			b.Style = slack.StylePrimary
		case bot.Danger:
			b.Style = slack.StyleDanger
		}
		row = append(row, b)
		if len(row) == maxButtons || i == len(all)-1 {
			rows = append(rows, slack.NewActionBlock("", row...))
			row = nil
		}
	}
	return rows
}

// mrkdwnText returns drawn markup as an object; verbatim keeps Slack from finding links and names in it.
func mrkdwnText(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, true)
}

// plainText returns words in which nothing formats.
func plainText(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// orElse returns s, or other when there is nothing to see in s.
func orElse(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}

// isColor reports whether s is of the form "#A4E6DA".
func isColor(s string) bool {
	return len(s) == 7 && s[0] == '#' && strings.Trim(s[1:], "0123456789abcdefABCDEF") == ""
}
