package commands

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gosimple/slug"

	"communitybot/bot"
)

// handlePattern is what we take as a handle. Genuin documents none; this is what its examples show, and safe in links.
var handlePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)

// handle takes the handle as typed, or makes one from the name when nothing was.
func (p problems) handle(typed, name string) string {
	switch {
	case typed == "" && name == "":
		return "" // the missing name is the problem
	case typed == "":
		made := slugOf(name)
		if made == "" {
			p.note(fieldHandle, p.Problem.NoSlug)
		}
		return made
	}
	h := clean(typed)
	switch {
	case h == "":
		p.note(fieldHandle, p.Problem.OnlySpaces)
	case utf8.RuneCountInString(h) > maxHandle:
		p.note(fieldHandle, p.Problem.HandleTooLong, "max", maxHandle)
	case !handlePattern.MatchString(h):
		p.note(fieldHandle, p.Problem.HandleLetters)
		if s := slugOf(h); s != "" {
			p.at[fieldHandle] += " " + bot.Fill(p.Problem.Example, "handle", s)
		}
	}
	return h
}

// slugOf makes a handle of words in any script, or "" when they hold nothing to make one of.
func slugOf(words string) string {
	s := slug.Make(words)
	if len(s) > maxHandle {
		s = s[:maxHandle] // a slug is ASCII
	}
	if s = strings.Trim(s, "-_"); !handlePattern.MatchString(s) {
		return ""
	}
	return s
}

// checkHandle notes as a problem that another request holds the handle.
func (c *Commands) checkHandle(ctx context.Context, v voice, handle string, p map[string]string) error {
	if handle == "" || p[fieldHandle] != "" {
		return nil
	}
	held, err := c.Store.Held(ctx, []string{handle})
	if err != nil {
		return err
	}
	if len(held) > 0 {
		free, err := suggest(ctx, c.Store, handle)
		if err != nil {
			return err
		}
		p[fieldHandle] = v.held(handle, free)
	}
	return nil
}

// heldError is the error for a handle that another request took a moment before.
func (c *Commands) heldError(ctx context.Context, v voice, handle string) error {
	free, err := suggest(ctx, c.Store, handle)
	if err != nil {
		return err
	}
	return v.invalid(map[string]string{fieldHandle: v.held(handle, free)})
}

func (v voice) held(handle string, free []string) string {
	return bot.Fill(v.Problem.Held, "handle", handle) + " " + v.others(v.Problem.Free, free)
}

// others names handles in words that say how sure they are, or says that one has to be thought of.
func (v voice) others(words string, handles []string) string {
	if len(handles) == 0 {
		return v.Problem.ThinkOfAnother
	}
	return bot.Fill(words, "handles", strings.Join(handles, ", "))
}

// suggest returns up to three handles like the given one that no request holds.
func suggest(ctx context.Context, store bot.Lookup, handle string) ([]string, error) {
	var candidates []string
	for _, ending := range []string{"-community", "-hq", "-club", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9"} {
		stem := handle[:min(len(handle), maxHandle-len(ending))]
		candidates = append(candidates, strings.TrimRight(stem, "._-")+ending)
	}
	held, err := store.Held(ctx, candidates)
	if err != nil {
		return nil, err
	}
	free := slices.DeleteFunc(candidates, func(h string) bool { return h == handle || slices.Contains(held, h) })
	return free[:min(len(free), 3)], nil
}
