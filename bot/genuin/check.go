package genuin

import (
	"context"
	"fmt"
	"net/http"

	"communitybot/bot"
)

// Check looks whether Genuin can be used, for doctor. It creates nothing: with a key and a secret it fetches a token;
// with a ready token, which nothing but a create call could prove, it only sees whether the host answers.
func (c *Client) Check(ctx context.Context) []bot.Finding {
	switch {
	case c.baseErr != nil:
		return []bot.Finding{{Name: "Genuin", Detail: "GENUIN_BASE_URL", Err: c.baseErr}}
	case c.fixed != "":
		return []bot.Finding{c.checkHost(ctx), c.checkToken(ctx)}
	default:
		return []bot.Finding{c.checkKey(ctx)}
	}
}

func (c *Client) checkKey(ctx context.Context) bot.Finding {
	f := bot.Finding{Name: "Genuin authentication", Detail: "GENUIN_API_KEY and GENUIN_API_SECRET get a token at " + c.base.Host}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	_, refusal := c.fetch(ctx)
	if refusal == nil {
		return f
	}
	f.Detail = "getting a token at " + c.base.Host
	switch refusal.Reason {
	case bot.Unauthorized:
		f.Err = fmt.Errorf("refused: check GENUIN_API_KEY, GENUIN_API_SECRET and GENUIN_BASE_URL (%w)", refusal)
	case bot.RateLimited:
		f.Err = fmt.Errorf("asked to wait: try again later (%w)", refusal)
	default:
		f.Err = fmt.Errorf("no token: check GENUIN_BASE_URL and the network, or try again later (%w)", refusal)
	}
	return f
}

func (c *Client) checkToken(ctx context.Context) bot.Finding {
	f := bot.Finding{
		Name:   "Genuin token",
		Detail: "GENUIN_ACCESS_TOKEN is set. Whether Genuin takes it shows with the first community: nothing else can try it",
	}
	if !sendable(c.fixed) {
		_, refusal := c.token(ctx, "")
		f.Detail, f.Err = "GENUIN_ACCESS_TOKEN", refusal
	}
	return f
}

// checkHost asks for the base URL without the token. Any answer will do.
func (c *Client) checkHost(ctx context.Context) bot.Finding {
	f := bot.Finding{Name: "Genuin", Detail: "reaching " + c.base.Host}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.String(), nil)
	if err != nil {
		f.Err = err
		return f
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := c.wire.RoundTrip(req)
	if err != nil {
		refusal := c.presentable(&bot.Refusal{Reason: bot.Unreachable, Err: err}, "")
		f.Err = fmt.Errorf("no answer: check GENUIN_BASE_URL and the network (%w)", refusal)
		return f
	}
	resp.Body.Close()
	f.Detail = fmt.Sprintf("%s answers (HTTP %d)", c.base.Host, resp.StatusCode)
	return f
}
