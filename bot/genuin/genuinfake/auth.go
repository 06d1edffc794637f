package genuinfake

import (
	"encoding/json"
	"net/http"
	"slices"
)

const tokenName = "gn-access-token"

func (f *Fake) auth(body []byte) answer {
	mode, ok := f.take(&f.auths)
	if !ok {
		return answer{reset: true}
	}
	if a, ok := f.failed(mode); ok {
		return a
	}
	return f.grant(body)
}

// grant gives out a token for the right key and secret.
func (f *Fake) grant(body []byte) answer {
	var req struct {
		Key    string `json:"api_key"`
		Secret string `json:"api_secret"`
	}
	if json.Unmarshal(body, &req) != nil {
		return empty(http.StatusBadRequest)
	}
	if req.Key == "" || req.Secret == "" {
		return refusal(http.StatusBadRequest, "1099", "Unexpected error")
	}
	if req.Key != f.options.APIKey || req.Secret != f.options.APISecret {
		return noBrand()
	}
	token := newToken()
	f.mu.Lock()
	f.tokens[token] = true
	f.mu.Unlock()

	const done = "Authenticated successfully."
	switch f.options.TokenIn {
	case InBody:
		a := success(done, struct{}{})
		a.body = slices.Concat([]byte(`{"`+tokenName+`":"`+token+`",`), a.body[1:])
		return a
	case InData:
		return success(done, map[string]string{tokenName: token})
	default:
		a := success(done, struct{}{})
		a.header[tokenName] = token
		return a
	}
}
