package sandbox

import (
	"slices"
	"strings"
)

// advice is what somebody can do whose page shows what is not there any more, by what they wanted to do.
var advice = map[string]string{
	"type":     "Type / to see the commands.",
	"press":    "The message has changed meanwhile, or is gone: look at it again.",
	"choose":   "The message has changed meanwhile, or is gone: look at it again.",
	"shortcut": "The message has changed meanwhile, or is gone: look at it again.",
	"send":     "The form is gone: type the command again.",
	"enter":    "The form is gone: type the command again.",
	"close":    "The form is gone: type the command again.",
}

// failures are parts of what the platforms say when the bot did not do its part.
var failures = []string{
	"failed with the error", "timed out", "dispatch_failed", "Status Code", // Slack
	"did not respond", // Discord
}

// explain writes an error of a chat for whoever wanted to do something in it: with names for IDs, and with what to do.
func (c *chat) explain(verb string, err error) string {
	said, mistaken := strings.CutPrefix(err.Error(), c.Name+"fake: ") // its caller's mistakes, so it names itself
	for id, name := range c.names {
		said = strings.ReplaceAll(said, id, name)
	}
	todo := ""
	switch {
	case mistaken:
		todo = advice[verb]
	case slices.ContainsFunc(failures, func(part string) bool { return strings.Contains(said, part) }):
		todo = "Do it again. Why it failed stands in the terminal that the sandbox runs in."
	}
	if todo == "" {
		return said
	}
	if !strings.ContainsAny(said[len(said)-1:], ".!?") {
		said += "."
	}
	return said + " " + todo
}
