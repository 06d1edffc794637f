//go:build race

package deploy_test

// raced says that the tests were built with the race detector.
const raced = true
