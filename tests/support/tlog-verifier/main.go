// Checks a log of erasures with the Go team's own code: reads a case as JSON from standard input, prints each verdict.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type testCase struct {
	Key         string
	Checkpoint  string
	Older       string
	Leaf        []byte
	Index       int64
	Inclusion   [][]byte
	Consistency [][]byte
}

func fail(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func hashes(texts [][]byte) []tlog.Hash {
	out := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		copy(out[i][:], text)
	}
	return out
}

func open(key, text string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	fail(err)
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	fail(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	fail(err)
	root, err := tlog.ParseHash(lines[2])
	fail(err)
	return tlog.Tree{N: size, Hash: root}
}

func main() {
	var given testCase
	fail(json.NewDecoder(os.Stdin).Decode(&given))
	head, older := open(given.Key, given.Checkpoint), open(given.Key, given.Older)
	fail(tlog.CheckRecord(hashes(given.Inclusion), head.N, head.Hash, given.Index, tlog.RecordHash(given.Leaf)))
	fail(tlog.CheckTree(hashes(given.Consistency), head.N, head.Hash, older.N, older.Hash))
	fmt.Println("accepted")
}
