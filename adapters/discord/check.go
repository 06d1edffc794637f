package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"communitybot/bot"
)

// Check looks at the set-up for doctor, and changes nothing: the token, the application's ID and public key, the
// registered commands, and the clock, which signatures are checked against.
func (a *Adapter) Check(ctx context.Context) []bot.Finding {
	var me user
	header, err := a.call(ctx, http.MethodGet, "/users/@me", nil, &me)
	found := []bot.Finding{{Name: "discord token", Detail: "signed in as " + me.Username, Err: err}}
	if err != nil {
		found[0].Detail = "DISCORD_BOT_TOKEN was not accepted, or Discord can't be reached"
	} else {
		found = append(found, a.checkApplication(ctx), a.checkCommands(ctx))
	}
	if clock, ok := a.checkClock(header); ok {
		found = append(found, clock)
	}
	return found
}

func (a *Adapter) checkApplication(ctx context.Context) bot.Finding {
	var app struct {
		ID  string `json:"id"`
		Key string `json:"verify_key"`
	}
	f := bot.Finding{Name: "discord application"}
	_, f.Err = a.call(ctx, http.MethodGet, "/applications/@me", nil, &app)
	switch {
	case f.Err != nil:
		f.Detail = "the token's application could not be read"
	case app.ID != a.application:
		f.Detail = fmt.Sprintf("DISCORD_APPLICATION_ID is %q, but the token belongs to %s", a.application, app.ID)
		f.Err = errors.New("wrong application ID")
	case a.publicKey != "" && app.Key != "" && !strings.EqualFold(app.Key, a.publicKey):
		f.Detail = "DISCORD_PUBLIC_KEY is not the one of application " + app.ID
		f.Err = errors.New("wrong public key")
	default:
		f.Detail = "application " + app.ID
	}
	return f
}

func (a *Adapter) checkCommands(ctx context.Context) bot.Finding {
	var commands []struct {
		Name string `json:"name"`
	}
	f := bot.Finding{Name: "discord commands"}
	_, f.Err = a.call(ctx, http.MethodGet, a.commands(), nil, &commands)
	switch {
	case f.Err != nil:
		f.Detail = "the registered commands could not be read"
	case len(commands) == 0:
		f.Detail = "none is registered; run: communitybot register"
		f.Err = errors.New("no commands registered")
	default:
		var names []string
		for _, c := range commands {
			names = append(names, "/"+c.Name)
		}
		f.Detail = strings.Join(names, ", ")
	}
	return f
}

// checkClock compares the clock with the Date header of an answer, if there is one.
func (a *Adapter) checkClock(header http.Header) (bot.Finding, bool) {
	theirs, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return bot.Finding{}, false
	}
	skew := a.now().Sub(theirs).Abs().Round(time.Second)
	f := bot.Finding{Name: "discord clock", Detail: fmt.Sprintf("%s apart", skew)}
	if skew > maxSkew {
		f.Err = fmt.Errorf("more than %s apart, so every interaction is refused: set this machine's clock", maxSkew)
	}
	return f, true
}

// maxAbout is in characters: https://discord.com/developers/docs/interactions/application-commands#application-command-object
const maxAbout = 100

// Register puts the commands on Discord, in place of all that are there. Their options are optional text. The error is
// a *bot.Error.
func (a *Adapter) Register(ctx context.Context, commands []bot.Command) error {
	type option struct {
		Type        int    `json:"type"`
		Name        string `json:"name"`
		Description string `json:"description"`
	}
	type registered struct {
		Type        int      `json:"type"`
		Name        string   `json:"name"`
		Description string   `json:"description"`
		Options     []option `json:"options"`
	}
	const chatInput, text = 1, 3
	list := make([]registered, len(commands))
	for i, c := range commands {
		list[i] = registered{chatInput, c.Name, cut(c.About, maxAbout), []option{}}
		for _, o := range c.Options {
			list[i].Options = append(list[i].Options, option{text, o.Value, cut(o.Label, maxAbout)})
		}
	}
	_, err := a.call(ctx, http.MethodPut, a.commands(), list, nil)
	return err
}

func (a *Adapter) commands() string {
	return "/applications/" + url.PathEscape(a.application) + "/commands"
}
