// Package crash names the steps at which a process may die. A build with the tag "crash" dies there when it is told to,
// for the tests that kill it; in any other build there is nothing.
//
// It imports the standard library only.
package crash

// Point is a step.
type Point string

// Frozen begins the line on its error output by which a process says that it stops at a step, which is the rest of it.
const Frozen = "frozen at: "

// The steps, in the order of a request's life.
const (
	Committing Point = "committing"  // a group of changes is written, and not committed
	Committed  Point = "committed"   // … committed, and nobody knows yet
	Handled    Point = "handled"     // an interaction was handled, and not answered
	Handed     Point = "handed"      // a change's jobs were handed to the queue
	Queued     Point = "queued"      // … and are in it
	Begun      Point = "begun"       // a job begins
	Claimed    Point = "claimed"     // that Genuin is called is noted, and it is not called
	Called     Point = "called"      // Genuin has answered, and that is not noted
	Noted      Point = "noted"       // … and is
	Showing    Point = "showing"     // a request is about to be shown
	Posted     Point = "posted"      // a message was posted, and that is not noted
	Drawn      Point = "drawn"       // a card was redrawn, and that is not noted
	Kept       Point = "kept"        // what was shown is noted
	Woken      Point = "woken"       // the time to remind or expire has come
	TakingOver Point = "taking over" // a process starts, and has not looked at what another one left
	TookOver   Point = "took over"   // … and has
)

// Points returns all of them.
func Points() []Point {
	return []Point{Committing, Committed, Handled, Handed, Queued, Begun, Claimed, Called, Noted, Showing, Posted, Drawn, Kept, Woken, TakingOver, TookOver}
}
