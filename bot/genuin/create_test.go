package genuin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
)

func TestEveryFieldReachesGenuin(t *testing.T) {
	switches := map[string]any{"is_ai_generated": false, "is_ai_generated_dp": false, "is_ai_generated_banner": false}
	with := func(more map[string]any) map[string]any {
		m := map[string]any{"handle": "chess", "name": "Chess Club", "type": 1.0, "actions": []any{}}
		for _, from := range []map[string]any{switches, more} {
			for k, v := range from {
				m[k] = v
			}
		}
		return m
	}
	tests := []struct {
		name    string
		change  func(*bot.Community)
		actions string
		want    map[string]any
	}{
		{"only what is mandatory", func(*bot.Community) {}, "", with(nil)},
		{"texts", func(c *bot.Community) {
			c.Description, c.Picture, c.Banner = "We play #chess <3 & more", "1.png", "2.png"
		}, "",
			with(map[string]any{"description": "We play #chess <3 & more", "dp": "1.png", "banner": "2.png"})},
		{"tags, with commas and no spaces", func(c *bot.Community) { c.Tags = []string{"chess", "club"} }, "", with(map[string]any{"tags": "chess,club"})},
		{"existing and new categories", func(c *bot.Community) { c.Categories, c.Proposed = []int64{1, 2}, []string{"abc", "aAa"} }, "",
			with(map[string]any{"categories": map[string]any{"existing": []any{1.0, 2.0}, "new": []any{"abc", "aAa"}}})},
		{"existing categories only", func(c *bot.Community) { c.Categories = []int64{3} }, "",
			with(map[string]any{"categories": map[string]any{"existing": []any{3.0}, "new": []any{}}})},
		{"new categories only", func(c *bot.Community) { c.Proposed = []string{"abc"} }, "",
			with(map[string]any{"categories": map[string]any{"existing": []any{}, "new": []any{"abc"}}})},
		{"members", func(c *bot.Community) { c.Members = []string{"b12f", "c13f"} }, "",
			with(map[string]any{"users": []any{map[string]any{"user_id": "b12f"}, map[string]any{"user_id": "c13f"}}})},
		{"made by AI", func(c *bot.Community) { c.AI = true }, "", with(map[string]any{"is_ai_generated": true})},
		{"a picture by AI", func(c *bot.Community) { c.AIPicture = true }, "", with(map[string]any{"is_ai_generated_dp": true})},
		{"a banner by AI", func(c *bot.Community) { c.AIBanner = true }, "", with(map[string]any{"is_ai_generated_banner": true})},
		{"a type of words", func(c *bot.Community) { c.Type = "public" }, "", with(map[string]any{"type": "public"})},
		{"a type of digits and letters", func(c *bot.Community) { c.Type = "2nd" }, "", with(map[string]any{"type": "2nd"})},
		{"a type with a zero in front", func(c *bot.Community) { c.Type = "02" }, "", with(map[string]any{"type": 2.0})},
		{"a type of zeros", func(c *bot.Community) { c.Type = "00" }, "", with(map[string]any{"type": 0.0})},
		{"actions as they are", func(*bot.Community) {}, `{"join": ["a&b", 1]}`,
			with(map[string]any{"actions": map[string]any{"join": []any{"a&b", 1.0}}})},
		{"right-to-left text and emoji", func(c *bot.Community) { c.Name = "שחמט ♟️" }, "", with(map[string]any{"name": "שחמט ♟️"})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := fake(t, genuinfake.Options{AccessToken: readyToken})
			c := genuin.New(genuin.Options{BaseURL: f.URL() + "/", AccessToken: readyToken + "\n", Actions: json.RawMessage(tt.actions)})
			community := chess
			tt.change(&community)
			if _, err := c.Create(t.Context(), community); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, decode(t, f.Communities()[0].Request)); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheRequestIsJSONWithABearerToken(t *testing.T) {
	var got http.Header
	c := genuin.New(genuin.Options{BaseURL: "http://genuin.test/v1", AccessToken: readyToken, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		got = r.Header
		if r.Method != http.MethodPost || r.URL.String() != "http://genuin.test/v1/api/thirdparty/community/create" {
			t.Errorf("called %s %s", r.Method, r.URL)
		}
		return nil, http.ErrServerClosed
	})})
	refused(t, c, t.Context())
	want := http.Header{"Authorization": {"Bearer " + readyToken}, "Content-Type": {"application/json"}, "Accept": {"application/json"}, "User-Agent": {"communitybot"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}

func TestASuccessIsRead(t *testing.T) {
	f := fake(t, genuinfake.Options{})
	community := chess
	community.AIPicture, community.Banner = true, "1.png"
	made, err := withKey(f).Create(t.Context(), community)
	if err != nil {
		t.Fatal(err)
	}
	c := f.Communities()[0]
	if made.ID != c.ID || made.URL != c.ShareURL || !strings.HasSuffix(made.Image, "/dp.png") || !strings.HasSuffix(made.Banner, "/banner.png") || len(made.Color) != 7 {
		t.Errorf("made %+v, Genuin has %+v", made, c)
	}
	if s := fmt.Sprintf("%+v", made); strings.Contains(s, genuinfake.LeaderPhone) {
		t.Errorf("the leader's phone number is in %s", s)
	}
}

// documented is the success of GENUIN.md.
const documented = `{"code": 200, "message": "XXXX-[Community has been created successfully.]",
 "data": {"community_id": "0a2be302-04af-4642-a436-1612554e48a6",
  "share_url": "https://community.example.com/community/dqwd-w5oa",
  "dp": "https://media.example.com/dp.png", "banner": "https://media.example.com/banner.png",
  "color_code": "#A4E6DA", "text_color_code": "#49CDB5",
  "leader": {"member_id": "0bf977ed-4887-4056-a8f4-1f0de71101f1", "name": "N", "bio": "B", "nickname": "I", "phone": "91333333333333",
   "is_brand_system_user": true, "is_avatar": false, "brand": {"brand_id": 1, "brand_slug": "dqwd-dqjb"},
   "profile_image": "", "profile_image_s": "", "profile_image_m": "", "profile_image_l": ""}}}`

func TestSuccessesAreReadLeniently(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		want       bot.Made
	}{
		{"as documented", documented, 200, bot.Made{ID: "0a2be302-04af-4642-a436-1612554e48a6", URL: "https://community.example.com/community/dqwd-w5oa",
			Image: "https://media.example.com/dp.png", Banner: "https://media.example.com/banner.png", Color: "#A4E6DA"}},
		{"the code as a string", `{"code":"200","data":{"community_id":"x"}}`, 200, bot.Made{ID: "x"}},
		{"no code", `{"data":{"community_id":"x"}}`, 200, bot.Made{ID: "x"}},
		{"a code that is no number", `{"code":{},"data":{"community_id":"x"}}`, 200, bot.Made{ID: "x"}},
		{"201", `{"code":201,"data":{"community_id":"x"}}`, 201, bot.Made{ID: "x"}},
		{"a numeric ID", `{"code":200,"data":{"community_id":42}}`, 200, bot.Made{ID: "42"}},
		{"odd fields", `{"code":200,"message":7,"data":{"community_id":"x","share_url":1,"dp":{},"banner":[],"color_code":true,"leader":"?"}}`, 200, bot.Made{ID: "x"}},
		{"empty fields", `{"code":200,"data":{"community_id":"x","share_url":"","dp":null,"banner":"","color_code":""}}`, 200, bot.Made{ID: "x"}},
		{"links that are not for the web", `{"code":200,"data":{"community_id":"x","share_url":"javascript:alert(1)","dp":"file:///etc/passwd","banner":"//host/x"}}`, 200, bot.Made{ID: "x"}},
		{"links that no browser takes", `{"code":200,"data":{"community_id":"x","share_url":"https://","dp":"http://[::1","banner":"1.png"}}`, 200, bot.Made{ID: "x"}},
		{"a colour that is none", `{"code":200,"data":{"community_id":"x","color_code":"#A4E6DA;"}}`, 200, bot.Made{ID: "x"}},
		{"spaces around it", "\n " + documented + "\n", 200, bot.Made{ID: "0a2be302-04af-4642-a436-1612554e48a6", URL: "https://community.example.com/community/dqwd-w5oa",
			Image: "https://media.example.com/dp.png", Banner: "https://media.example.com/banner.png", Color: "#A4E6DA"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			made, err := withToken(answers(t, tt.status, nil, tt.body)).Create(t.Context(), chess)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, made); diff != "" {
				t.Errorf("made (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryAnswerHasItsReason(t *testing.T) {
	const refusal = `{"code": "%s", "message": "XXXX-[in words]", "data": {}}`
	coded := func(code string) string { return fmt.Sprintf(refusal, code) }
	tests := []struct {
		name    string
		status  int
		body    string
		reason  bot.Reason
		code    string
		message string
	}{
		{"400 without a body", 400, "", bot.BadRequest, "", ""},
		{"400 with words", 400, coded("1099"), bot.BadRequest, "1099", "in words"},
		{"404 5220", 404, coded("5220"), bot.CategoryUnknown, "5220", "in words"},
		{"412 5166", 412, coded("5166"), bot.Misuse, "5166", "in words"},
		{"412 without a body", 412, "", bot.Misuse, "", ""},
		{"500 5216", 500, coded("5216"), bot.HandleTaken, "5216", "in words"},
		{"500 with another code", 500, coded("5000"), bot.Broken, "5000", "in words"},
		{"500 without a code", 500, `{}`, bot.Broken, "", ""},
		{"500 that is not JSON", 500, "<html>", bot.NoAnswer, "", ""},
		{"500 with JSON that is no object", 500, "null", bot.NoAnswer, "", ""},
		{"500 with half an object", 500, `{"code":"5216"`, bot.NoAnswer, "", ""},
		{"401", 401, "<html>", bot.Unauthorized, "", ""},
		{"403", 403, coded("403"), bot.Unauthorized, "403", "in words"},
		{"404 with another code", 404, coded("5235"), bot.Broken, "5235", "in words"},
		{"404 that is not JSON", 404, "<html>", bot.Broken, "", ""},
		{"408 that is not JSON", 408, "<html>", bot.NoAnswer, "", ""},
		{"429", 429, "", bot.RateLimited, "", ""},
		{"502", 502, "<html>", bot.NoAnswer, "", ""},
		{"503", 503, `{"message":"busy"}`, bot.NoAnswer, "", "busy"},
		{"504", 504, "", bot.NoAnswer, "", ""},
		{"500 5216 as a number", 500, `{"code":5216,"message":"no wrapping"}`, bot.HandleTaken, "5216", "no wrapping"},
		{"200 that is not JSON", 200, "<html>", bot.NoAnswer, "", ""},
		{"200 without a body", 200, "", bot.NoAnswer, "", ""},
		{"200 without data", 200, `{"code":200}`, bot.NoAnswer, "200", ""},
		{"200 with empty data", 200, `{"code":200,"data":{}}`, bot.NoAnswer, "200", ""},
		{"200 with data that is text", 200, `{"code":200,"data":"done"}`, bot.NoAnswer, "200", ""},
		{"200 with a blank ID", 200, `{"code":200,"data":{"community_id":" "}}`, bot.NoAnswer, "200", ""},
		{"204", 204, "", bot.NoAnswer, "", ""},
		{"200 with 5216 inside", 200, coded("5216"), bot.HandleTaken, "5216", "in words"},
		{"200 with 5220 inside", 200, coded("5220"), bot.CategoryUnknown, "5220", "in words"},
		{"200 with 5166 inside", 200, coded("5166"), bot.Misuse, "5166", "in words"},
		{"200 with 400 inside", 200, coded("400"), bot.BadRequest, "400", "in words"},
		{"200 with 401 inside", 200, coded("401"), bot.Unauthorized, "401", "in words"},
		{"200 with 502 inside", 200, coded("502"), bot.NoAnswer, "502", "in words"},
		{"200 with an unknown error inside", 200, coded("9999"), bot.Broken, "9999", "in words"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := refused(t, withToken(answers(t, tt.status, nil, tt.body)), t.Context())
			got := bot.Refusal{Reason: r.Reason, Status: r.Status, Code: r.Code, Message: r.Message}
			want := bot.Refusal{Reason: tt.reason, Status: tt.status, Code: tt.code, Message: tt.message}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
			if r.Err == nil || !strings.Contains(r.Err.Error(), fmt.Sprint(tt.status)) {
				t.Errorf("the log learns %v", r.Err)
			}
		})
	}
}

func TestModesOfTheFakeHaveTheirReasons(t *testing.T) {
	tests := map[genuinfake.Mode]bot.Reason{
		genuinfake.HandleTaken: bot.HandleTaken, genuinfake.CategoryUnknown: bot.CategoryUnknown, genuinfake.Misuse: bot.Misuse,
		genuinfake.NoBrand: bot.Broken, genuinfake.BadRequest: bot.BadRequest, genuinfake.Unauthorized: bot.Unauthorized,
		genuinfake.Forbidden: bot.Unauthorized, genuinfake.ExpiredToken: bot.Unauthorized, genuinfake.RateLimited: bot.RateLimited,
		genuinfake.Broken: bot.Broken, genuinfake.BadGateway: bot.NoAnswer, genuinfake.Unavailable: bot.NoAnswer,
		genuinfake.GatewayTimeout: bot.NoAnswer, genuinfake.NotJSON: bot.NoAnswer, genuinfake.ResetBefore: bot.NoAnswer,
		genuinfake.ResetAfter: bot.NoAnswer, genuinfake.Oversized: bot.NoAnswer,
	}
	for mode, want := range tests {
		t.Run(string(mode), func(t *testing.T) {
			f := fake(t, genuinfake.Options{AccessToken: readyToken})
			f.Next(mode)
			if r := refused(t, withToken(f.URL()), t.Context()); r.Reason != want || r.MayHaveLanded() != (want == bot.NoAnswer) {
				t.Errorf("got %v, want %s", r, want)
			}
		})
	}
	f := fake(t, genuinfake.Options{AccessToken: readyToken})
	f.Next(genuinfake.NoShareURL)
	if made, err := withToken(f.URL()).Create(t.Context(), chess); err != nil || made.ID == "" || made.URL != "" {
		t.Errorf("without share_url: %+v, %v", made, err)
	}
}

func TestTheSameHandleAgainAfterALostAnswerIsTaken(t *testing.T) {
	f := fake(t, genuinfake.Options{})
	f.Next(genuinfake.ResetAfter)
	c := withKey(f)
	first := refused(t, c, t.Context())
	again := refused(t, c, t.Context())
	if !first.MayHaveLanded() || again.Reason != bot.HandleTaken || len(f.Communities()) != 1 {
		t.Errorf("first %v, again %v, %d communities", first, again, len(f.Communities()))
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for name, header := range map[string]map[string]string{
		"to another place": {"Location": "/api/thirdparty/elsewhere"},
		"to nowhere":       {},
		"to nonsense":      {"Location": "http://[::1"},
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprint(status, " ", name), func(t *testing.T) {
				if r := refused(t, withToken(answers(t, status, header, "moved")), t.Context()); r.Reason != bot.Broken || r.Status != status {
					t.Errorf("got %v, HTTP %d", r, r.Status)
				}
			})
		}
	}
}

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		name, header string
		least, most  time.Duration
	}{
		{"seconds", "7", 7 * time.Second, 7 * time.Second},
		{"a date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), 50 * time.Minute, time.Hour},
		{"a date that is over", "Wed, 21 Oct 2015 07:28:00 GMT", 0, 0},
		{"less than nothing", "-5", 0, 0},
		{"for ever", "9223372036854775807", 24 * time.Hour, 24 * time.Hour},
		{"a date for ever", "Fri, 31 Dec 9999 23:59:59 GMT", 24 * time.Hour, 24 * time.Hour},
		{"words", "soon", 0, 0},
		{"nothing", "", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := refused(t, withToken(answers(t, 429, map[string]string{"Retry-After": tt.header}, "")), t.Context())
			if r.Reason != bot.RateLimited || r.RetryAfter < tt.least || r.RetryAfter > tt.most {
				t.Errorf("%s, wait %v; want %v to %v", r.Reason, r.RetryAfter, tt.least, tt.most)
			}
		})
	}
}

func TestGenuinsWordsAreMadeFitForPeople(t *testing.T) {
	long := strings.Repeat("é", 1000)
	tests := []struct{ name, message, want string }{
		{"wrapped", "XXXX-[community handle already exists.]", "community handle already exists."},
		{"wrapped with a request ID", "a1b2-c3d4-[not there.]", "not there."},
		{"in brackets only", "[not there.]", "not there."},
		{"with brackets inside", "XXXX-[one [two] three]", "one [two] three"},
		{"not wrapped", "not there.", "not there."},
		{"brackets that belong to the words", "the tag [chess]", "the tag [chess]"},
		{"brackets after a word", "tags[0]", "tags[0]"},
		{"half wrapped", "XXXX-[not there.", "XXXX-[not there."},
		{"empty inside", "XXXX-[]", ""},
		{"lines and control characters", "XXXX-[one\n two\u0007\u202e three]", "one two three"},
		{"endless", "XXXX-[" + long + "]", strings.Repeat("é", 299) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body, err := json.Marshal(map[string]string{"code": "5216", "message": tt.message})
			if err != nil {
				t.Fatal(err)
			}
			if r := refused(t, withToken(answers(t, 500, nil, string(body))), t.Context()); r.Message != tt.want {
				t.Errorf("got %q, want %q", r.Message, tt.want)
			}
		})
	}
}

func TestActionsThatAreNotJSONAreTheOperatorsToMend(t *testing.T) {
	f := fake(t, genuinfake.Options{})
	c := genuin.New(genuin.Options{BaseURL: f.URL(), AccessToken: readyToken, Actions: json.RawMessage(`[1,`)})
	if r := refused(t, c, t.Context()); r.Reason != bot.Misuse || len(f.Calls()) != 0 {
		t.Errorf("got %v after %d calls", r, len(f.Calls()))
	}
}

func TestTheCallNamesTheRequestThatItIsFor(t *testing.T) {
	f := fake(t, genuinfake.Options{})
	if _, err := withKey(f).Create(bot.ForRequest(t.Context(), 42), chess); err != nil {
		t.Fatal(err)
	}
	for _, call := range f.Calls() {
		want := ""
		if call.Path == genuinfake.CreatePath {
			want = "42"
		}
		if got := call.Header.Get(bot.RequestHeader); got != want {
			t.Errorf("%s is for request %q, want %q: a token is for all", call.Path, got, want)
		}
	}
}
