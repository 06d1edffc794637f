package commands

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"time"

	"communitybot/bot"
)

// exported is a line of the export: something that happened, with the request it happened to.
type exported struct {
	Request   int64  `json:"request"`
	Seq       int    `json:"seq"`
	At        string `json:"at"` // UTC
	What      string `json:"what"`
	Version   int    `json:"version"`
	Platform  string `json:"platform,omitempty"` // of the one who did it; empty: the bot
	User      string `json:"user,omitempty"`
	UserName  string `json:"user_name,omitempty"`
	Where     string `json:"where,omitempty"` // PLATFORM:TENANT/CHANNEL
	Note      string `json:"note,omitempty"`
	Reason    string `json:"reason,omitempty"` // of a refusal by Genuin
	Community string `json:"community"`
	Handle    string `json:"handle"`
	State     string `json:"state"` // of the request, now
	URL       string `json:"url,omitempty"`
}

// Export returns what writes history in a format, "csv" or "jsonl", and what to call at the end.
func Export(format string, out io.Writer) (write func(bot.Request, bot.Entry) error, flush func() error, err error) {
	switch format {
	case "jsonl":
		e := json.NewEncoder(out)
		return func(r bot.Request, h bot.Entry) error { return e.Encode(entryOf(r, h)) }, func() error { return nil }, nil
	case "csv":
		w := csv.NewWriter(out)
		head := []string{"request", "seq", "at", "what", "version", "platform", "user", "user_name", "where", "note", "reason", "community", "handle", "state", "url"}
		if err := w.Write(head); err != nil {
			return nil, nil, err
		}
		return func(r bot.Request, h bot.Entry) error {
				x := entryOf(r, h)
				return w.Write([]string{fmt.Sprint(x.Request), fmt.Sprint(x.Seq), x.At, x.What, fmt.Sprint(x.Version), x.Platform, x.User, inert(x.UserName),
					inert(x.Where), inert(x.Note), x.Reason, inert(x.Community), inert(x.Handle), x.State, inert(x.URL)})
			}, func() error {
				w.Flush()
				return w.Error()
			}, nil
	}
	return nil, nil, fmt.Errorf("there is no format %q: csv and jsonl are", format)
}

func entryOf(r bot.Request, e bot.Entry) exported {
	x := exported{
		Request: r.ID, Seq: e.Seq, At: e.At.UTC().Format(time.RFC3339Nano), What: string(e.What), Version: e.Version,
		Platform: e.By.Platform, User: e.By.ID, UserName: e.By.Name, Note: e.Note, Reason: string(e.Reason),
		Community: r.Community.Name, Handle: r.Community.Handle, State: string(r.State), URL: r.Made.URL,
	}
	if e.Where.Platform != "" {
		x.Where = e.Where.Platform + ":" + e.Where.Tenant + "/" + e.Where.Channel
	}
	return x
}

// formula finds what a spreadsheet takes as a formula: where a cell begins, and where it thinks that one does. Those set
// up for semicolons or tabs part our cells there and at line ends, and quotes do not stop them.
// https://owasp.org/www-community/attacks/CSV_Injection
var formula = regexp.MustCompile(`(^|[;\t\r\n])([\s\v\x{85}\p{Z}"]*)([=+\-@＝＋－＠])`)

// inert keeps a spreadsheet from taking what people wrote as a formula.
func inert(s string) string { return formula.ReplaceAllString(s, "${1}${2}'${3}") }
