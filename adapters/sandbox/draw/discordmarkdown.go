package draw

import (
	"regexp"
	"strings"
)

var (
	discordLead = regexp.MustCompile(`^(>>>|>|#{1,3}|-#) (.*)`)
	discordItem = regexp.MustCompile(`^(\s*)(?:[-*]|(0|[1-9]\d{0,8})\.) (.*)`)
)

// discordLeads are the kinds of line that what stands before it makes; "rest" makes a quote of all that follows.
var discordLeads = map[string]string{
	">": "quote", ">>>": "rest", "#": "heading1", "##": "heading2", "###": "heading3", "-#": "subtext",
}

// discordGroups are the kinds of which lines that follow each other are one.
var discordGroups = map[string]bool{"": true, "quote": true}

// markdown reads a text with blocks: code, quotes, headings, small print, lists, and paragraphs of all other lines.
func (r discordReader) markdown(s string) discordPieces {
	var out discordPieces
	for {
		before, rest, fenced := strings.Cut(s, "```")
		code, after, closed := strings.Cut(rest, "```")
		if !fenced || !closed {
			return append(out, r.blocks(s)...)
		}
		out = append(out, r.blocks(strings.TrimSuffix(before, "\n"))...)
		if language, body, ok := strings.Cut(code, "\n"); ok && !strings.ContainsAny(language, " \t") {
			code = body
		}
		out = append(out, discordPiece{Kind: "pre", Text: discordWords(strings.TrimSuffix(code, "\n")).Text})
		s = strings.TrimPrefix(after, "\n")
	}
}

// blocks reads text outside code blocks. What formats words ends where its block does.
func (r discordReader) blocks(s string) discordPieces {
	if s == "" {
		return nil
	}
	var out discordPieces
	lines := strings.Split(s, "\n")
	for len(lines) > 0 {
		kind, words := discordLine(lines[0])
		group := []string{words}
		for _, line := range lines[1:] {
			next, more := discordLine(line)
			if kind != "rest" && (next != kind || !discordGroups[kind]) {
				break
			}
			group = append(group, more)
		}
		lines = lines[len(group):]
		switch kind {
		case "":
			out = append(out, r.plain(group)...)
		case "quote", "rest":
			out = append(out, discordPiece{Kind: "quote", Inside: r.plain(group)})
		default:
			out = append(out, discordPiece{Kind: kind, Inside: r.inline(words)})
		}
	}
	return out
}

// discordLine returns the kind of a line, and what stands in it.
func discordLine(line string) (kind, words string) {
	if m := discordLead.FindStringSubmatch(line); m != nil {
		return discordLeads[m[1]], m[2]
	}
	return "", line
}

// plain reads lines that are items of lists or else make paragraphs.
func (r discordReader) plain(lines []string) discordPieces {
	var out discordPieces
	for len(lines) > 0 {
		list, n := r.list(lines)
		if n > 0 {
			out = append(out, list)
			lines = lines[n:]
			continue
		}
		for n < len(lines) && !discordItem.MatchString(lines[n]) {
			n++
		}
		out = append(out, discordPiece{Kind: "paragraph", Inside: r.inline(strings.Join(lines[:n], "\n"))})
		lines = lines[n:]
	}
	return out
}

// list reads the list that lines begin with, and returns how many of them it has. Its items are numbered as it says.
func (r discordReader) list(lines []string) (discordPiece, int) {
	list := discordPiece{Kind: "list"}
	for i, line := range lines {
		m := discordItem.FindStringSubmatch(line)
		if m == nil || (i > 0 && (m[2] != "") != (list.Kind == "numbers")) {
			break
		}
		item := discordPiece{Kind: "item", Number: m[2], Inside: r.inline(m[3])}
		if m[1] != "" {
			item.Kind = "deeper"
		}
		if m[2] != "" {
			list.Kind = "numbers"
		}
		list.Inside = append(list.Inside, item)
	}
	return list, len(list.Inside)
}
