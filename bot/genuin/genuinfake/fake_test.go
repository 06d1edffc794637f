package genuinfake_test

import (
	"encoding/json"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"communitybot/bot/genuin/genuinfake"
)

// net/http lingers half a second on a connection that it closed with the request unread.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

const valid = `{"handle":"chess","name":"Chess Club","type":1,"actions":[]}`

type reply struct {
	status  int
	header  http.Header
	body    string
	Code    any            `json:"code"`
	Message string         `json:"message"`
	Data    map[string]any `json:"data"`
	Token   string         `json:"gn-access-token"`
}

func start(t *testing.T, o genuinfake.Options) *genuinfake.Fake {
	t.Helper()
	f, err := genuinfake.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// send makes a call on a connection of its own.
func send(f *genuinfake.Fake, method, path, token, body string) (reply, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	req, err := http.NewRequest(method, f.URL()+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	r := reply{status: resp.StatusCode, header: resp.Header, body: string(read)}
	if strings.HasPrefix(r.body, "{") && err == nil {
		err = json.Unmarshal(read, &r)
	}
	return r, err
}

func mustSend(t *testing.T, f *genuinfake.Fake, method, path, token, body string) reply {
	t.Helper()
	r, err := send(f, method, path, token, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

const credentials = `{"api_key":"` + genuinfake.Key + `","api_secret":"` + genuinfake.Secret + `"}`

func token(t *testing.T, f *genuinfake.Fake) string {
	t.Helper()
	r := mustSend(t, f, http.MethodPost, genuinfake.AuthPath, "", credentials)
	if s := r.header.Get("gn-access-token"); r.status == http.StatusOK && s != "" {
		return s
	}
	t.Fatalf("no token: %d %s", r.status, r.body)
	return ""
}

func create(t *testing.T, f *genuinfake.Fake, body string) reply {
	t.Helper()
	return mustSend(t, f, http.MethodPost, genuinfake.CreatePath, token(t, f), body)
}

func TestAuthentication(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		code       any
	}{
		{"the right key and secret", credentials, 200, 200.0},
		{"a wrong secret", `{"api_key":"` + genuinfake.Key + `","api_secret":"no"}`, 404, "5235"},
		{"a wrong key", `{"api_key":"no","api_secret":"` + genuinfake.Secret + `"}`, 404, "5235"},
		{"no secret", `{"api_key":"` + genuinfake.Key + `"}`, 400, "1099"},
		{"nothing", `{}`, 400, "1099"},
		{"broken JSON", `{"api_key":`, 400, nil},
	}
	f := start(t, genuinfake.Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := mustSend(t, f, http.MethodPost, genuinfake.AuthPath, "", tt.body)
			if r.status != tt.status || r.Code != tt.code {
				t.Errorf("got %d, code %v; want %d, %v", r.status, r.Code, tt.status, tt.code)
			}
			if got := r.header.Get("gn-access-token") != ""; got != (tt.status == 200) {
				t.Errorf("gave a token: %v", got)
			}
		})
	}
}

func TestTheTokenIsWhereItIsWanted(t *testing.T) {
	places := map[string]struct {
		place genuinfake.TokenPlace
		find  func(reply) string
	}{
		"header": {genuinfake.InHeader, func(r reply) string { return r.header.Get("gn-access-token") }},
		"body":   {genuinfake.InBody, func(r reply) string { return r.Token }},
		"data":   {genuinfake.InData, func(r reply) string { s, _ := r.Data["gn-access-token"].(string); return s }},
	}
	for name, p := range places {
		t.Run(name, func(t *testing.T) {
			f := start(t, genuinfake.Options{TokenIn: p.place, APIKey: "k", APISecret: "s"})
			r := mustSend(t, f, http.MethodPost, genuinfake.AuthPath, "", `{"api_key":"k","api_secret":"s"}`)
			for other, q := range places {
				if got := q.find(r) != ""; got != (other == name) {
					t.Errorf("token in the %s: %v", other, got)
				}
			}
			if r := mustSend(t, f, http.MethodPost, genuinfake.CreatePath, p.find(r), valid); r.status != http.StatusOK {
				t.Errorf("the token does not work: %d %s", r.status, r.body)
			}
		})
	}
}

func TestCreateChecksTheToken(t *testing.T) {
	f := start(t, genuinfake.Options{AccessToken: "ready"})
	old := token(t, f)
	f.ExpireTokens()
	for name, tok := range map[string]string{"none": "", "unknown": "gn-unknown", "expired": old} {
		t.Run(name, func(t *testing.T) {
			if r := mustSend(t, f, http.MethodPost, genuinfake.CreatePath, tok, valid); r.status != http.StatusUnauthorized {
				t.Errorf("got %d", r.status)
			}
		})
	}
	if r := mustSend(t, f, http.MethodPost, genuinfake.CreatePath, "ready", valid); r.status != http.StatusOK {
		t.Errorf("the ready token: got %d", r.status)
	}
	if n := len(f.Communities()); n != 1 {
		t.Errorf("%d communities, want 1", n)
	}
}

func TestCreateChecksTheRequest(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		code       any
	}{
		{"everything", `{"handle":"a","name":"A","type":"public","actions":{"x":1},"description":"d","tags":"a,b","dp":"1.png","banner":"2.png",
			"categories":{"existing":[1,2],"new":["abc"]},"is_ai_generated":true,"is_ai_generated_dp":true,"is_ai_generated_banner":false,
			"users":[{"user_id":"b12f13af-ef5a-4906-b0a0-2995e106200d"}]}`, 200, 200.0},
		{"only what is mandatory", `{"handle":"b","name":"B","type":1,"actions":[]}`, 200, 200.0},
		{"no handle", `{"name":"A","type":1,"actions":[]}`, 400, "400"},
		{"a blank name", `{"handle":"c","name":" ","type":1,"actions":[]}`, 400, "400"},
		{"no type", `{"handle":"c","name":"A","actions":[]}`, 400, "400"},
		{"an empty type", `{"handle":"c","name":"A","type":"","actions":[]}`, 400, "400"},
		{"no actions", `{"handle":"c","name":"A","type":1}`, 400, "400"},
		{"actions that are null", `{"handle":"c","name":"A","type":1,"actions":null}`, 400, "400"},
		{"tags with spaces", `{"handle":"c","name":"A","type":1,"actions":[],"tags":"a, b"}`, 400, "400"},
		{"a user without ID", `{"handle":"c","name":"A","type":1,"actions":[],"users":[{}]}`, 400, "400"},
		{"tags as a list", `{"handle":"c","name":"A","type":1,"actions":[],"tags":["a"]}`, 400, nil},
		{"a field that is not documented", `{"handle":"c","name":"A","type":1,"actions":[],"colour":"red"}`, 400, nil},
		{"broken JSON", `{"handle":`, 400, nil},
		{"two values", valid + valid, 400, nil},
		{"no body", ``, 400, nil},
		{"a category that is not there", `{"handle":"c","name":"A","type":1,"actions":[],"categories":{"existing":[1,99]}}`, 404, "5220"},
		{"somebody else's handle", `{"handle":"taken","name":"A","type":1,"actions":[]}`, 500, "5216"},
		{"the handle of the first one", `{"handle":"a","name":"A","type":1,"actions":[]}`, 500, "5216"},
	}
	f := start(t, genuinfake.Options{Taken: []string{"taken"}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := create(t, f, tt.body)
			if r.status != tt.status || r.Code != tt.code {
				t.Errorf("got %d, code %v (%s); want %d, %v", r.status, r.Code, r.body, tt.status, tt.code)
			}
			if tt.code == nil && r.body != "" {
				t.Errorf("the body is %q, want none", r.body)
			}
			if tt.code != nil && !regexp.MustCompile(`^\w+-\[.+\]$`).MatchString(r.Message) {
				t.Errorf("message %q", r.Message)
			}
		})
	}
	var handles []string
	for _, c := range f.Communities() {
		handles = append(handles, c.Handle)
	}
	if diff := cmp.Diff([]string{"a", "b"}, handles); diff != "" {
		t.Errorf("communities (-want +got):\n%s", diff)
	}
}

func TestASuccessTellsAllOfTheCommunity(t *testing.T) {
	f := start(t, genuinfake.Options{})
	body := `{"handle":"chess","name":"Chess <Club>","type":1,"actions":[],"dp":"1.png","is_ai_generated_banner":true}`
	r := create(t, f, body)
	c := f.Communities()[0]
	if c.Handle != "chess" || c.Name != "Chess <Club>" || string(c.Request) != body || c.At.IsZero() {
		t.Errorf("kept %+v", c)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(c.ID) {
		t.Errorf("ID %q is no UUID", c.ID)
	}
	leader, _ := r.Data["leader"].(map[string]any)
	if r.Data["community_id"] != c.ID || r.Data["share_url"] != c.ShareURL || leader["phone"] != genuinfake.LeaderPhone {
		t.Errorf("answered %s", r.body)
	}
	got := mustSend(t, f, http.MethodGet, strings.TrimPrefix(c.ShareURL, f.URL()), "", "")
	if got.status != http.StatusOK || !strings.Contains(got.body, "Chess &lt;Club&gt;") {
		t.Errorf("share_url: %d %s", got.status, got.body)
	}
	for field, width := range map[string]int{"dp": 64, "banner": 192} {
		address, _ := r.Data[field].(string)
		got := mustSend(t, f, http.MethodGet, strings.TrimPrefix(address, f.URL()), "", "")
		picture, err := png.Decode(strings.NewReader(got.body))
		if err != nil || got.header.Get("Content-Type") != "image/png" {
			t.Fatalf("%s at %q: %v, %v", field, address, got.header, err)
		}
		c := color.RGBAModel.Convert(picture.At(1, 1)).(color.RGBA)
		if want := r.Data["color_code"]; hexOf(c) != want || picture.Bounds().Dx() != width {
			t.Errorf("%s is %v wide and %s, want %d and %v", field, picture.Bounds().Dx(), hexOf(c), width, want)
		}
	}
}

func hexOf(c color.RGBA) string {
	const digits = "0123456789ABCDEF"
	s := []byte{'#'}
	for _, n := range []uint8{c.R, c.G, c.B} {
		s = append(s, digits[n>>4], digits[n&15])
	}
	return string(s)
}

func TestPicturesAreEmptyWhenNobodyAskedForThem(t *testing.T) {
	r := create(t, start(t, genuinfake.Options{}), valid)
	if r.Data["dp"] != "" || r.Data["banner"] != "" {
		t.Errorf("answered %s", r.body)
	}
}

func TestWrongAddresses(t *testing.T) {
	f := start(t, genuinfake.Options{})
	for _, tt := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, genuinfake.CreatePath, 405},
		{http.MethodPut, genuinfake.AuthPath, 405},
		{http.MethodPost, "/api/thirdparty/community", 404},
		{http.MethodGet, "/", 404},
		{http.MethodGet, "/media/x/dp.png", 404},
		{http.MethodGet, "/community/nobody", 404},
	} {
		if r := mustSend(t, f, tt.method, tt.path, "", valid); r.status != tt.status {
			t.Errorf("%s %s: got %d, want %d", tt.method, tt.path, r.status, tt.status)
		}
	}
	if r := mustSend(t, f, http.MethodPost, genuinfake.CreatePath, "", strings.Repeat(" ", 1<<20+1)); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body that is too long: got %d", r.status)
	}
}

func TestCallsKeepNoSecret(t *testing.T) {
	f := start(t, genuinfake.Options{})
	tok := token(t, f)
	mustSend(t, f, http.MethodPost, genuinfake.CreatePath, tok, valid)
	f.Next(genuinfake.ResetBefore)
	if _, err := send(f, http.MethodPost, genuinfake.CreatePath, tok, `{}`); err == nil {
		t.Error("no reset")
	}
	want := []genuinfake.Call{
		{Method: "POST", Path: genuinfake.AuthPath, Status: 200},
		{Method: "POST", Path: genuinfake.CreatePath, Status: 200, Body: valid, Authorization: "Bearer ***"},
		{Method: "POST", Path: genuinfake.CreatePath, Body: `{}`, Authorization: "Bearer ***"},
	}
	got := f.Calls()
	for i, c := range got {
		for name, values := range c.Header {
			if strings.Contains(strings.Join(values, " "), tok) {
				t.Errorf("the token is in %s", name)
			}
		}
		if c.At.IsZero() || (i == 1) != strings.Contains(c.Answer, "share_url") {
			t.Errorf("at %v it was answered %q", c.At, c.Answer)
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(genuinfake.Call{}, "At", "Took", "Header", "Answer")); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
