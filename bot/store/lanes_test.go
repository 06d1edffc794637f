package store

import (
	"testing"

	"communitybot/bot"
)

// TestRoomForOneKindSaysNothingOfAnother has more jobs of a kind than there is room for: what was left is looked for when
// there is room for that kind, and not each time that a hand for another kind is free.
func TestRoomForOneKindSaysNothingOfAnother(t *testing.T) {
	l := newLanes()
	l.most = map[bot.Work]int{bot.Sync: 1, bot.Make: 1}
	enter := func(w bot.Work, request int64) (placed bool) {
		hand, waits := l.enter(args{Work: w, Request: request})
		return hand || waits
	}
	for i := range int64(1 + maxLine) {
		if !enter(bot.Make, i) {
			t.Fatalf("there was room for %d only", i)
		}
	}
	if enter(bot.Make, 1+maxLine) {
		t.Fatal("there was room for one more")
	}
	if !enter(bot.Sync, 1) {
		t.Fatal("one kind took the room of another")
	}
	if _, more := l.next(bot.Sync); more || len(l.left) != 0 {
		t.Errorf("a hand that is free for one kind has what was left of another looked for: %v, %d", more, len(l.left))
	}
	for more := true; more; _, more = l.next(bot.Make) {
	}
	if len(l.left) != 1 {
		t.Error("there is room for what was left, and nobody looks for it")
	}
}
