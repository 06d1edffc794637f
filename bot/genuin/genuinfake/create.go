package genuinfake

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// request is the body of a create call, as GENUIN.md has it. A field it does not know is an error: a client that
// misspells one should hear of it.
type request struct {
	Handle      string          `json:"handle"`
	Name        string          `json:"name"`
	Type        json.RawMessage `json:"type"`
	Actions     json.RawMessage `json:"actions"`
	Description string          `json:"description"`
	Tags        string          `json:"tags"`
	DP          string          `json:"dp"`
	Banner      string          `json:"banner"`
	Categories  struct {
		Existing []int64  `json:"existing"`
		New      []string `json:"new"`
	} `json:"categories"`
	AI       bool `json:"is_ai_generated"`
	AIDP     bool `json:"is_ai_generated_dp"`
	AIBanner bool `json:"is_ai_generated_banner"`
	Users    []struct {
		ID string `json:"user_id"`
	} `json:"users"`
}

func (f *Fake) create(r *http.Request, body []byte) answer {
	mode, ok := f.take(&f.creates)
	if !ok {
		return answer{reset: true}
	}
	if a, ok := f.failed(mode); ok {
		return a
	}
	a := f.make(r, body, mode)
	if mode == HoldMade && !f.gate.hold(f.closed) {
		return answer{reset: true}
	}
	return altered(mode, a)
}

// make does what a create call asks for, in the order in which Genuin's errors make sense.
func (f *Fake) make(r *http.Request, body []byte, mode Mode) answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer || token == "" || (!f.tokens[token] && token != f.options.AccessToken) {
		return unauthorized()
	}
	req, err := parse(body)
	if err != nil {
		return empty(http.StatusBadRequest)
	}
	if problem := req.problem(); problem != "" {
		return refusal(http.StatusBadRequest, "400", problem)
	}
	for _, id := range req.Categories.Existing {
		if !slices.Contains(f.options.Categories, id) {
			return categoryUnknown()
		}
	}
	if f.taken[req.Handle] {
		return handleTaken()
	}
	f.taken[req.Handle] = true
	c := f.newCommunity(req, body, mode)
	f.communities = append(f.communities, c)
	return success("Community has been created successfully.", c.data())
}

func parse(body []byte) (request, error) {
	var req request
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&req); err != nil {
		return request{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return request{}, errors.New("more than one JSON value")
	}
	return req, nil
}

// problem says what is missing or not as documented, "" when nothing is.
func (r request) problem() string {
	switch {
	case strings.TrimSpace(r.Handle) == "":
		return "handle is mandatory."
	case strings.TrimSpace(r.Name) == "":
		return "name is mandatory."
	case len(r.Type) == 0 || slices.Contains([]string{"null", `""`}, string(r.Type)):
		return "type is mandatory."
	case len(r.Actions) == 0 || string(r.Actions) == "null":
		return "actions is mandatory."
	case strings.Contains(r.Tags, " "):
		return "tags must not hold spaces."
	}
	for _, u := range r.Users {
		if u.ID == "" {
			return "user_id is mandatory."
		}
	}
	return ""
}

func (f *Fake) newCommunity(req request, body []byte, mode Mode) Community {
	c := Community{ID: newUUID(), Handle: req.Handle, Name: req.Name, At: f.options.Now(), Request: slices.Clone(body)}
	c.color, c.textColor = colors(req.Handle)
	if mode != NoShareURL {
		c.ShareURL = f.url + pagePath + strings.ToLower(rand.Text()[:4]+"-"+rand.Text()[:4])
	}
	if req.DP != "" || req.AIDP {
		c.dp = f.url + mediaPath + c.ID + "/dp.png"
	}
	if req.Banner != "" || req.AIBanner {
		c.banner = f.url + mediaPath + c.ID + "/banner.png"
	}
	return c
}

// data is what a success tells of the community.
func (c Community) data() map[string]any {
	return map[string]any{
		"community_id": c.ID, "share_url": c.ShareURL, "dp": c.dp, "banner": c.banner,
		"color_code": hex(c.color), "text_color_code": hex(c.textColor),
		"leader": map[string]any{
			"member_id": newUUID(), "name": "Sandbox Leader", "bio": "Leads communities.", "nickname": "leader",
			"phone": LeaderPhone, "is_brand_system_user": true, "is_avatar": false,
			"brand":         map[string]any{"brand_id": 1, "brand_slug": "dqwd-dqjb"},
			"profile_image": "", "profile_image_s": "", "profile_image_m": "", "profile_image_l": "",
		},
	}
}

// newUUID returns a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
