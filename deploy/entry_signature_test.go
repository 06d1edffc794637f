package deploy_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tempting is a body that makes a community at once when it is believed.
func tempting(platform, name string) string {
	return sentForm(platform, unique(), "Ada", "general", "create-community", map[string]string{"name": name, "handle": strings.ToLower(name)})
}

// TestWhatThePlatformsSignedIsBelieved is what makes the tables below worth something: the same bodies have an effect.
func TestWhatThePlatformsSignedIsBelieved(t *testing.T) {
	d := openDoor(t)
	for _, platform := range []string{"slack", "discord"} {
		d.says(platform, tempting(platform, "Right-"+platform))
		d.settled(`"Right-` + platform + `" created`)
	}
	if n := len(d.genuin.Communities()); n != 2 {
		t.Errorf("%d communities, want 2", n)
	}
	d.p.stop()
}

// forgery is one way of changing a request that is well signed.
type forgery struct {
	name   string
	change func(k *knock)
}

// headers are those that a platform signs with.
type headers struct{ stamp, signature string }

var signedWith = map[string]headers{
	"slack":   {"X-Slack-Request-Timestamp", "X-Slack-Signature"},
	"discord": {"X-Signature-Timestamp", "X-Signature-Ed25519"},
}

// forgeries are those that make the same sense on both platforms.
func forgeries(h headers, sign func(stamp, body string) string) []forgery {
	stamped := func(stamp string) func(*knock) {
		return func(k *knock) {
			k.header.Set(h.stamp, stamp)
			k.header.Set(h.signature, sign(stamp, k.body))
		}
	}
	at := func(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }
	signature := func(change func(string) string) func(*knock) {
		return func(k *knock) { k.header.Set(h.signature, change(k.header.Get(h.signature))) }
	}
	return []forgery{
		{"no headers at all", func(k *knock) { k.header = http.Header{} }},
		{"no signature", func(k *knock) { k.header.Del(h.signature) }},
		{"an empty signature", signature(func(string) string { return "" })},
		{"a signature of zeros", signature(func(s string) string { return s[:len(s)-64] + strings.Repeat("0", 64) })},
		{"half a signature", signature(func(s string) string { return s[:len(s)/2] })},
		{"a signature with something behind it", signature(func(s string) string { return s + "00" })},
		{"a signature that is no hex", signature(func(s string) string { return s[:len(s)-2] + "zz" })},
		{"a wrong signature before the right one", func(k *knock) {
			k.header[h.signature] = []string{strings.Repeat("0", 64), k.header.Get(h.signature)}
		}},
		{"no timestamp", func(k *knock) { k.header.Del(h.stamp) }},
		{"no timestamp, signed so", func(k *knock) {
			k.header.Del(h.stamp)
			k.header.Set(h.signature, sign("", k.body))
		}},
		{"the signature of another time", func(k *knock) { k.header.Set(h.stamp, at(time.Second*2)) }},
		{"the signature of another body", func(k *knock) { k.body = strings.Replace(k.body, "Forged", "Forger", 1) }},
		{"the signature of a shorter body", func(k *knock) { k.header.Set(h.signature, sign(k.header.Get(h.stamp), k.body[:len(k.body)-1])) }},
		{"a body with something behind it", func(k *knock) { k.body += " " }},
		{"replayed after five minutes", stamped(at(-5*time.Minute - 2*time.Second))},
		{"from five minutes ahead", stamped(at(5*time.Minute + 10*time.Second))},
		{"a timestamp of words", stamped("now")},
		{"a timestamp in milliseconds", stamped(strconv.FormatInt(time.Now().UnixMilli(), 10))},
		{"a timestamp beyond all clocks", stamped("9223372036854775807")},
		{"a timestamp before all clocks", stamped("-9223372036854775808")},
		{"a timestamp that overflows", stamped("18446744073709551617")},
		{"another scheme of authentication", func(k *knock) { k.header = http.Header{"Authorization": {"Bearer x"}} }},
		{"said to be signed by who passes it on", func(k *knock) {
			k.header = http.Header{"X-Forwarded-For": {"127.0.0.1"}, "X-Real-Ip": {"127.0.0.1"}, "Forwarded": {"for=127.0.0.1"}}
		}},
	}
}

// othersForgeries are those that are about one platform.
func othersForgeries(d *door, platform string) []forgery {
	if platform == "slack" {
		return []forgery{
			{"another secret", func(k *knock) {
				k.header.Set("X-Slack-Signature", slackSignature("another", k.header.Get("X-Slack-Request-Timestamp"), k.body))
			}},
			{"an empty secret", func(k *knock) {
				k.header.Set("X-Slack-Signature", slackSignature("", k.header.Get("X-Slack-Request-Timestamp"), k.body))
			}},
			{"another version of signature", func(k *knock) { k.header.Set("X-Slack-Signature", "v1"+k.header.Get("X-Slack-Signature")[2:]) }},
			{"signed as by Discord", func(k *knock) { k.header = d.signed("discord", k.body, time.Now()).header }},
			{"an event", func(k *knock) {
				*k = knock{k.path, http.Header{"Content-Type": {"application/json"}}, `{"type":"url_verification","challenge":"Forged"}`}
			}},
		}
	}
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	stamp := func(k *knock) string { return k.header.Get("X-Signature-Timestamp") }
	return []forgery{
		{"another key", func(k *knock) {
			k.header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(other, []byte(stamp(k)+k.body))))
		}},
		{"signed without its timestamp", func(k *knock) { k.header.Set("X-Signature-Ed25519", d.discord.Sign("", []byte(k.body))) }},
		{"signed with its timestamp at the end", func(k *knock) {
			k.header.Set("X-Signature-Ed25519", d.discord.Sign(k.body, []byte(stamp(k))))
		}},
		{"a part of the body moved into the timestamp", func(k *knock) { // both together read the same
			k.header.Set("X-Signature-Timestamp", stamp(k)+k.body[:1])
			k.body = k.body[1:]
		}},
		{"a ping", func(k *knock) { *k = knock{k.path, http.Header{}, `{"type":1}`} }},
		{"signed as by Slack", func(k *knock) { k.header = d.signed("slack", k.body, time.Now()).header }},
	}
}

func TestForgedRequestsAreRefusedWithoutEffect(t *testing.T) {
	d := openDoor(t)
	for platform, h := range signedWith {
		sign := func(stamp, body string) string { return slackSignature(d.slack.SigningSecret, stamp, body) }
		if platform == "discord" {
			sign = func(stamp, body string) string { return d.discord.Sign(stamp, []byte(body)) }
		}
		for _, f := range append(forgeries(h, sign), othersForgeries(d, platform)...) {
			t.Run(platform+": "+f.name, func(t *testing.T) {
				k := d.signed(platform, tempting(platform, "Forged"), time.Now())
				f.change(&k)
				d.unmoved(t, func() {
					status, answer := d.sends(k)
					if status != http.StatusUnauthorized || strings.Contains(answer, "Forged") {
						t.Errorf("answered %d %q, want 401", status, answer)
					}
				})
			})
		}
	}
	d.p.stop()
}

func TestAnUnsignedCheckOfTheCertificateDoesNothing(t *testing.T) {
	d := openDoor(t)
	for name, body := range map[string]string{
		"as Slack sends it":     "ssl_check=1&token=x",
		"with a form behind it": "ssl_check=1&" + tempting("slack", "Forged"),
		"with a form before it": tempting("slack", "Forged") + "&ssl_check=1",
	} {
		t.Run(name, func(t *testing.T) {
			d.unmoved(t, func() {
				if status, answer := d.sends(knock{"/slack/events", http.Header{}, body}); status != http.StatusOK || answer != "" {
					t.Errorf("answered %d %q, want 200 and nothing", status, answer)
				}
			})
		})
	}
	d.unmoved(t, func() {
		if status, _ := d.sends(knock{"/discord/interactions", http.Header{}, "ssl_check=1"}); status != http.StatusUnauthorized {
			t.Errorf("on Discord's route it is answered %d, want 401", status)
		}
	})
	d.p.stop()
}
