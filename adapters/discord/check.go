package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
	f := bot.Finding{Name: "discord application"}
	app, err := a.me(ctx)
	f.Err = err
	switch {
	case f.Err != nil:
		f.Detail = "the token's application could not be read"
	case app.ID != a.application:
		f.Detail = fmt.Sprintf("DISCORD_APPLICATION_ID is %q, but the token belongs to %s", a.application, app.ID)
		f.Err = errors.New("wrong application ID")
	case a.publicKey != "" && app.Key != "" && !strings.EqualFold(app.Key, a.publicKey):
		f.Detail = "DISCORD_PUBLIC_KEY is not the one of application " + app.ID
		f.Err = errors.New("wrong public key")
	case a.publicKey == "" && app.Endpoint != "":
		f.Detail = elsewhere
		f.Err = errors.New("interactions go to " + app.Endpoint)
	default:
		f.Detail = "application " + app.ID
		if app.Public && len(a.guilds) == 0 {
			f.Detail += "; anybody may invite it to a server of their own, and ask for communities there: " +
				"switch Public Bot off in the Developer Portal, or name your servers in DISCORD_GUILDS"
		}
	}
	return f
}

// application is what the bot reads of itself.
type application struct {
	ID       string `json:"id"`
	Key      string `json:"verify_key"`
	Endpoint string `json:"interactions_endpoint_url"`
	Public   bool   `json:"bot_public"`
}

// me returns the application that the token belongs to.
// https://discord.com/developers/docs/resources/application#get-current-application
func (a *Adapter) me(ctx context.Context) (application, error) {
	var app application
	_, err := a.call(ctx, http.MethodGet, "/applications/@me", nil, &app)
	return app, err
}

// elsewhere is what an operator has to know when Discord sends nothing over the gateway.
const elsewhere = "interactions go to the application's Interactions Endpoint URL and not to the gateway: clear it in the Developer Portal, or set DISCORD_PUBLIC_KEY"

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
