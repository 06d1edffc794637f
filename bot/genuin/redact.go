package genuin

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"communitybot/bot"
)

const (
	maxMessage = 300 // runes of Genuin's words that are kept
	maxCode    = 40  // runes of its code
	hidden     = "***"
)

// presentable makes a refusal fit for logs and people: what came from outside holds no secret, no control characters,
// and is not endless. nil stays nil.
func (c *Client) presentable(r *bot.Refusal, token string) *bot.Refusal {
	if r == nil {
		return nil
	}
	hide := c.replacer(token)
	// Hide first: a secret that is cut in two would not be found.
	r.Message = tidy(hide.Replace(r.Message), maxMessage)
	r.Code = tidy(hide.Replace(r.Code), maxCode)
	if r.Err != nil {
		if words := r.Err.Error(); hide.Replace(words) != words {
			r.Err = errors.New(hide.Replace(words)) // the chain would still hold it
		}
	}
	return r
}

// replacer hides every secret, also as Go quotes it in errors and as a URL carries it. The longest goes first: one
// secret may begin like another.
func (c *Client) replacer(token string) *strings.Replacer {
	var forms []string
	for _, s := range []string{c.key, c.secret, c.fixed, token} {
		if s = strings.TrimSpace(s); s != "" {
			quoted := strconv.Quote(s)
			forms = append(forms, s, quoted[1:len(quoted)-1], url.QueryEscape(s), url.PathEscape(s))
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, f := range forms {
		pairs = append(pairs, f, hidden)
	}
	return strings.NewReplacer(pairs...)
}

// tidy returns s on one line, without characters that don't show, in n runes at most.
func tidy(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
