package deploy_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// dial connects to the program for as long as anything may take, which is longer than it does.
func (d *door) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(d.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// statuses are those of all answers on a connection, until the program closes it.
func statuses(t *testing.T, conn io.Reader) []int {
	t.Helper()
	all := []int{}
	for r := bufio.NewReader(conn); ; {
		answer, err := http.ReadResponse(r, nil)
		if err != nil {
			return all
		}
		body, _ := io.ReadAll(answer.Body) // a connection may be reset behind the status
		_ = answer.Body.Close()
		if strings.Contains(string(body), "Forged") {
			t.Errorf("answered %s %q", answer.Status, body)
		}
		all = append(all, answer.StatusCode)
	}
}

// Parts of requests as they go over the wire.
const (
	post = "POST /slack/events HTTP/1.1\r\nHost: bot\r\n"
	five = "Content-Length: 5\r\n\r\nhello"
	none = "0\r\n\r\n"
	last = "GET /healthz HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\r\n" // is answered when the connection goes on
)

// written is a request byte by byte, and what is answered: alive at the end when the connection is used on.
type written struct {
	text string
	want []int
}

// on are answers on a connection that is used on.
func on(want ...int) []int { return append(want, http.StatusOK) }

// line is a request of that first line.
func line(first string) string { return first + "\r\nHost: bot\r\n" + five }

// routes are all there are, with what they answer to whom they don't know.
var routes = map[string]int{"POST /slack/events": 401, "POST /discord/interactions": 401, "GET /healthz": 200, "GET /readyz": 200, "GET /metrics": 200}

// smuggled are requests of a route that two programs may read in two ways. inner is what the other one might take for a
// request, plain what the route answers.
func smuggled(route string, plain int, inner string) map[string]written {
	post := route + " HTTP/1.1\r\nHost: bot\r\n"
	return map[string]written{
		"both lengths, Content-Length first":      {post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + none + inner, []int{plain}},
		"both lengths, Transfer-Encoding first":   {post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + none + inner, []int{plain}},
		"a chunked body with a request behind it": {post + "Transfer-Encoding: chunked\r\n\r\n" + none + inner, []int{plain}},
		"two lengths":                               {post + "Content-Length: 0\r\nContent-Length: " + strconv.Itoa(len(inner)) + "\r\n\r\n" + inner, []int{400}},
		"the same length twice":                     {post + "Content-Length: 5\r\n" + five, on(plain)},
		"a list of lengths":                         {post + "Content-Length: 0, 5\r\n\r\n" + inner, []int{400}},
		"a length with a plus":                      {post + "Content-Length: +5\r\n\r\nhello", []int{400}},
		"a length below zero":                       {post + "Content-Length: -1\r\n\r\n" + inner, []int{400}},
		"a length in hex":                           {post + "Content-Length: 0x5\r\n\r\nhello", []int{400}},
		"a length beyond numbers":                   {post + "Content-Length: 99999999999999999999\r\n\r\n" + inner, []int{400}},
		"an encoding that is none":                  {post + "Transfer-Encoding: xchunked\r\n\r\n" + none + inner, []int{501}},
		"the encoding that is no encoding":          {post + "Transfer-Encoding: identity\r\n" + five, []int{501}},
		"two encodings":                             {post + "Transfer-Encoding: chunked, identity\r\n\r\n" + none + inner, []int{501}},
		"two headers with encodings":                {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + none + inner, []int{501}},
		"a space before the colon":                  {post + "Transfer-Encoding : chunked\r\n" + five, []int{400}},
		"a vertical tab before the encoding":        {post + "Transfer-Encoding: \vchunked\r\n" + five, []int{400}},
		"a header that goes on in the next line":    {post + "Transfer-Encoding:\r\n chunked\r\n\r\n" + none + inner, []int{plain}},
		"a line of its own that starts with spaces": {post + "X-A: b\r\n Content-Length: 5\r\n\r\n", on(plain)},
		"a line that ends with CR alone":            {post + "X-A: b\rContent-Length: 5\r\n\r\nhello", []int{400}},
		"lines that end with LF alone":              {strings.ReplaceAll(post, "\r", "") + "Content-Length: 5\n\nhello", on(plain)},
		"a header without a colon":                  {post + "Content-Length 5\r\n\r\n" + inner, []int{400}},
		"a header with NUL":                         {post + "X-A: \x00\r\n" + five, []int{400}},
		"a header without a name":                   {post + ": x\r\n" + five, []int{400}},
		"a chunk with an extension":                 {post + "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n" + none + inner, []int{plain}},
		"an extension with LF in it":                {post + "Transfer-Encoding: chunked\r\n\r\n0;a=\nb\r\n\r\n" + inner, []int{plain}},
		"chunks that end with LF alone":             {post + "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n" + inner, []int{plain}},
		"a chunk larger than numbers":               {post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n" + none + inner, []int{plain}},
		"a chunk below zero":                        {post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n" + none + inner, []int{plain}},
		"a signature in the trailer":                {post + "Transfer-Encoding: chunked\r\nTrailer: X-Slack-Signature\r\n\r\n" + none[:3] + "X-Slack-Signature: v0=00\r\n\r\n" + inner, []int{plain}},
		"a request in another's body":               {post + "Content-Length: " + strconv.Itoa(len(inner)) + "\r\n\r\n" + inner, on(plain)},
		"two requests at once":                      {post + five + post + five, on(plain, plain)},
	}
}

// odd are requests that nobody sends who means well.
func odd() map[string]written {
	return map[string]written{
		"another host in the target":       {line("POST http://evil.test/slack/events HTTP/1.1"), on(401)},
		"no host":                          {"POST /slack/events HTTP/1.1\r\n" + five, []int{400}},
		"two hosts":                        {post + "Host: evil.test\r\n" + five, []int{400}},
		"HTTP/1.0":                         {"POST /slack/events HTTP/1.0\r\n" + five, []int{401}},
		"HTTP/0.9":                         {"GET /healthz\r\n", []int{400}},
		"HTTP/3.0":                         {line("POST /slack/events HTTP/3.0"), []int{505}},
		"how HTTP/2 begins":                {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", []int{400}},
		"how TLS begins":                   {"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n", []int{400}},
		"a change to HTTP/2":               {post + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n" + five, on(401)},
		"a change to a WebSocket":          {"GET /slack/events HTTP/1.1\r\nHost: bot\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", on(405)},
		"a wait for 100 Continue":          {post + "Expect: 100-continue\r\n" + five, on(100, 401)},
		"a wait for something else":        {post + "Expect: magic\r\n" + five, []int{417}},
		"what there is at all":             {"OPTIONS * HTTP/1.1\r\nHost: bot\r\n\r\n", []int{400}},
		"a tunnel":                         {"CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n", on(404)},
		"a tunnel to a route":              {"CONNECT /slack/events HTTP/1.1\r\nHost: bot\r\n\r\n", on(405)},
		"a method that is none":            {line("P@ST /slack/events HTTP/1.1"), []int{400}},
		"a space in the target":            {line("POST /slack/events /x HTTP/1.1"), []int{400}},
		"a target that is no path":         {line("POST slack/events HTTP/1.1"), []int{400}},
		"64 KiB of headers":                {post + "X-A: " + strings.Repeat("x", 80<<10) + "\r\n" + five, []int{431}},
		"a thousand headers of that size":  {post + strings.Repeat("X-A: "+strings.Repeat("x", 80)+"\r\n", 1000) + five, []int{431}},
		"a target of 64 KiB":               {line("POST /slack/events?" + strings.Repeat("x", 80<<10) + " HTTP/1.1"), []int{431}},
		"a parameter that asks for mercy":  {line("POST /slack/events?ssl_check=1 HTTP/1.1"), on(401)},
		"a method in a header":             {"GET /slack/events HTTP/1.1\r\nHost: bot\r\nX-HTTP-Method-Override: POST\r\n" + five, on(405)},
		"letters of the path in their hex": {line("POST /%73lack/events HTTP/1.1"), on(401)},
	}
}

// onDiscordInstead is a request of Slack's route, of Discord's.
func onDiscordInstead(text string) string {
	return strings.NewReplacer("/slack/events", "/discord/interactions", "/%73lack/events", "/%64iscord/interactions").Replace(text)
}

// ways are paths and methods that there are not.
func ways() map[string]written {
	all := map[string]written{}
	for _, path := range []string{
		"/", "//", "/slack", "/slack/", "/discord", "/slack/events/", "//slack/events", "/slack//events", "/./slack/events", "/x/../slack/events",
		"/x/%2e%2e/slack/events", "/slack%2fevents", "/slack%2Fevents", "/slack%5cevents", "/slack/events%00", "/slack/events;x=1", "/SLACK/EVENTS", "/slack/events.json",
		"/slack/events%20", "/slack/oauth", "/slack/events/..%2f..%2fmetrics", "/discord/interactions/", "//discord/interactions", "/%2e/metrics",
		"/debug/pprof/", "/debug/vars", "/debug/requests", "/admin", "/api", "/.env", "/.git/config", "/favicon.ico", "/robots.txt", "/../../../../etc/passwd",
		"//evil.test/%2e%2e", "/metrics/", "/healthz/x",
	} {
		for _, method := range []string{"GET", "POST"} {
			all[method+" "+path] = written{line(method + " " + path + " HTTP/1.1"), on(404)}
		}
	}
	for route, methods := range map[string][]string{
		"/slack/events":         {"GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "post"},
		"/discord/interactions": {"GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "post"},
		"/healthz":              {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"},
		"/readyz":               {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"},
		"/metrics":              {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"},
	} {
		for _, method := range methods {
			all[method+" "+route] = written{line(method + " " + route + " HTTP/1.1"), on(405)}
		}
	}
	return all
}

func TestWhatIsWrittenOddlyIsRefusedWithoutEffect(t *testing.T) {
	d := openDoor(t)
	cases := ways()
	for route, plain := range routes {
		method, path, _ := strings.Cut(route, " ")
		inPath, platform := post, "slack"
		if path == "/discord/interactions" {
			inPath, platform = onDiscordInstead(post), "discord"
		}
		body := tempting(platform, "Forged")
		inner := fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", inPath, len(body), body)
		for name, c := range smuggled(route, plain, inner) {
			cases[method+" "+path+": "+name] = c
		}
	}
	for name, c := range odd() {
		cases["/slack/events: "+name] = c
		cases["/discord/interactions: "+name] = written{onDiscordInstead(c.text), c.want}
	}
	// Discord's route refuses what has no signature before it would ask for the body.
	cases["/discord/interactions: a wait for 100 Continue"] = written{onDiscordInstead(odd()["a wait for 100 Continue"].text), []int{401}}
	d.unmoved(t, func() {
		t.Run("each", func(t *testing.T) { // which ends when all have
			for name, c := range cases {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					conn := d.dial(t)
					go func() { _, _ = io.WriteString(conn, c.text+last) }() // it may not take all of it
					if diff := cmp.Diff(c.want, statuses(t, conn)); diff != "" {
						t.Errorf("answers (-want +got):\n%s", diff)
					}
				})
			}
		})
	})
	d.p.stop()
}

// TestASignedRequestBringsNoOther has a genuine request carry another one behind it, as if somebody between the platform
// and the bot had been fooled.
func TestASignedRequestBringsNoOther(t *testing.T) {
	d := openDoor(t)
	hidden := tempting("slack", "Forged")
	inner := fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", post, len(hidden), hidden)
	k := d.signed("slack", tempting("slack", "Genuine"), time.Now())
	head := post
	for name, values := range k.header {
		head += name + ": " + values[0] + "\r\n"
	}
	chunked := fmt.Sprintf("%x\r\n%s\r\n%s", len(k.body), k.body, none)
	for name, c := range map[string]written{
		"with a length":     {fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(k.body), k.body) + inner, []int{200, 401, 200}},
		"with both lengths": {fmt.Sprintf("%sContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n%s", head, len(chunked)+len(inner), chunked) + inner, []int{200}},
	} {
		t.Run(name, func(t *testing.T) {
			conn := d.dial(t)
			if _, err := io.WriteString(conn, c.text+last); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, statuses(t, conn)); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
		})
	}
	d.settled(`"Genuine" created`)
	if slices.ContainsFunc(d.history(), func(line string) bool { return strings.Contains(line, "Forged") }) || len(d.genuin.Communities()) != 1 {
		t.Errorf("what came behind had an effect:\n%s", strings.Join(d.history(), "\n"))
	}
	d.p.stop()
}
