package deploy_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"communitybot/bot/genuin/genuinfake"
)

// canary is a server that nobody has any business with. It counts who comes.
func canary(t *testing.T) (address string, came *atomic.Int64) {
	t.Helper()
	came = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came.Add(1) }))
	t.Cleanup(server.Close)
	return server.URL, came
}

// TestNamesOfPicturesLeadNowhere gives addresses where the name of a file is asked for, and where people give a link.
func TestNamesOfPicturesLeadNowhere(t *testing.T) {
	inside, came := canary(t)
	host := strings.TrimPrefix(inside, "http://")
	d := openDoor(t)
	for _, platform := range []string{"slack", "discord"} {
		for _, name := range []string{
			inside + "/a.png", "//" + host + "/a.png", `\\` + host + `\a.png`, "http:" + host, "file:///etc/passwd", "/etc/passwd", "../../etc/passwd", "..", ".env",
			"data:image/png;base64,AAAA", "javascript:alert(1)", "a.png?" + host, "a.png#" + host, "169.254.169.254/latest/meta-data",
		} {
			for _, field := range []string{"picture", "banner"} {
				d.unmoved(t, func() {
					d.says(platform, sentForm(platform, unique(), "Ada", "general", "create-community", map[string]string{"name": "Acme", "handle": "acme", field: name}))
				})
			}
		}
		d.says(platform, sentForm(platform, unique(), "Ada", "general", "create-community", map[string]string{
			"name": "Named-" + platform, "handle": "named-" + platform, "picture": "localhost", "banner": "127.0.0.1",
		}))
		d.settled(`"Named-` + platform + `" created`)
		d.settled(`"Named-` + platform + `" told`)
	}
	if n := came.Load(); n > 0 {
		t.Errorf("%d requests came to an address that people wrote", n)
	}
	for _, c := range d.genuin.Calls() {
		if !slices.Contains([]string{genuinfake.AuthPath, genuinfake.CreatePath}, c.Path) {
			t.Errorf("the program asked Genuin for %s", c.Path)
		}
	}
	d.p.stop()
}

// TestAddressesThatGenuinGivesAreShownAndNotVisited has Genuin answer with addresses of all kinds, and with ways to
// elsewhere. The program goes to none; the platforms get those of the web.
func TestAddressesThatGenuinGivesAreShownAndNotVisited(t *testing.T) {
	inside, came := canary(t)
	for name, c := range map[string]struct {
		address string
		shown   bool
	}{
		"of the web":     {"https://media.example.com/a.png", true},
		"inside":         {inside + "/a.png", true}, // it is Genuin's word; the platforms fetch it, from outside
		"a script":       {"javascript:alert(1)", false},
		"a file":         {"file:///etc/passwd", false},
		"data":           {"data:image/png;base64,AAAA", false},
		"without a host": {"https:///a.png", false},
		"relative":       {"/a.png", false},
		"with a break":   {"https://evil.test/a.png\n<!channel>", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := startFakes(t, slackOptions)
			f.populate()
			d := serveOn(t, f, "GENUIN_BASE_URL="+givingGenuin(t, func(w http.ResponseWriter) {
				_, _ = io.WriteString(w, asJSON(object{"code": 200, "message": "ok", "data": object{
					"community_id": "1", "share_url": c.address, "dp": c.address, "banner": c.address, "color_code": "#A4E6DA\n<!channel>",
				}}))
			}))
			for _, platform := range []string{"slack", "discord"} {
				d.says(platform, tempting(platform, "Acme-"+platform))
				d.settled(`"Acme-` + platform + `" created`)
				d.settled(`"Acme-` + platform + `" told`)
				messages, err := d.chat(platform).Read(t.Context(), d.ids(platform)["Ada"], d.ids(platform)["general"])
				if err != nil || len(messages) != 1 {
					t.Fatalf("%d messages, %v", len(messages), err)
				}
				if shown := strings.Contains(asJSON(messages), strings.TrimSuffix(asJSON(c.address)[1:], `"`)); shown != c.shown {
					t.Errorf("on %s the address is shown: %v in %+v", platform, shown, messages)
				}
				for _, m := range append(messages, messages[0].Thread...) {
					if slices.Contains(m.Pings, "everyone") {
						t.Errorf("everyone is notified by %+v", m)
					}
				}
			}
			d.p.stop()
		})
	}
	t.Run("a way to elsewhere", func(t *testing.T) {
		f := startFakes(t, slackOptions)
		f.populate()
		d := serveOn(t, f, "GENUIN_BASE_URL="+givingGenuin(t, func(w http.ResponseWriter) {
			w.Header().Set("Location", inside+"/steal")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}))
		d.says("slack", tempting("slack", "Acme"))
		d.settled(`"Acme" trouble`)
		d.p.stop()
	})
	if n := came.Load(); n > 0 {
		t.Errorf("%d requests came to an address that Genuin gave", n)
	}
}

// givingGenuin is a Genuin that lets everybody in and answers create calls by answer.
func givingGenuin(t *testing.T, answer func(http.ResponseWriter)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Gn-Access-Token", "token")
		if r.URL.Path == genuinfake.AuthPath {
			_, _ = io.WriteString(w, `{"code":200,"message":"ok"}`)
			return
		}
		answer(w)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
