// Reads an export with golang.org/x/mod/sumdb's note and tlog and the standard library, and nothing of ours.
//
//	go run verifier/stock/main.go DIR CHECKPOINT...
//
// DIR is what `coldcheck export L --tiles DIR` wrote; each CHECKPOINT one that was published at some size of the log. Every
// checkpoint must open with DIR/log.vkey, entries must be proven under each, and each must continue every smaller one. Then
// the same is asked with a bit of a tile, an entry and a root changed: all of it must be refused. Exit 1 otherwise.
//
// Only two things are not in those packages and stand here: the three lines of a checkpoint (theirs has a heading of its own),
// and where tiles lie (tile/<L>/<N>, a wider tile serving for a narrower one, as C2SP tlog-tiles says).
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256

type tiles struct {
	directory string
	bent      bool
}

func (t tiles) Height() int                         { return height }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := t.widest(tile)
		if err != nil {
			return nil, err
		}
		out[i] = append([]byte{}, data[:tile.W*tlog.HashSize]...)
		if t.bent {
			out[i][len(out[i])-1] ^= 1
		}
	}
	return out, nil
}

// widest reads the tile, or one that has it as its beginning.
func (t tiles) widest(tile tlog.Tile) ([]byte, error) {
	for tile.W <= width {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		if data, err := os.ReadFile(filepath.Join(t.directory, path)); err == nil {
			return data, nil
		}
		tile.W++
	}
	return nil, fmt.Errorf("no tile at level %d, number %d", tile.L, tile.N)
}

// entry is the bytes of one entry, out of its bundle.
func (t tiles) entry(index int64) ([]byte, error) {
	tile := tlog.Tile{H: height, L: 0, N: index / width, W: int(index%width) + 1}
	var data []byte
	for ; tile.W <= width && data == nil; tile.W++ {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/0/", height), "tile/entries/", 1)
		data, _ = os.ReadFile(filepath.Join(t.directory, path))
	}
	for at, left := 0, index%width; at+2 <= len(data); left-- {
		size := int(binary.BigEndian.Uint16(data[at:]))
		if at+2+size > len(data) {
			break
		}
		if left == 0 {
			return data[at+2 : at+2+size], nil
		}
		at += 2 + size
	}
	return nil, fmt.Errorf("entry %d is not in its bundle", index)
}

func readCheckpoint(path string, log note.Verifier) (tlog.Tree, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(log))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("%s: %w", path, err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != log.Name() || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("%s: not three lines of this log", path)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

type counts struct {
	Sizes       []int64 `json:"sizes"`
	Opened      int     `json:"checkpoints_opened"`
	Inclusion   int     `json:"inclusion_proofs"`
	Consistency int     `json:"consistency_proofs"`
	Refused     int     `json:"refused"`
	Accepted    int     `json:"accepted_though_wrong"`
}

func (c *counts) mustRefuse(err error) {
	if err == nil {
		c.Accepted++
	} else {
		c.Refused++
	}
}

// included proves entries at every edge of the tree, and that an entry with a changed bit is not proven.
func (c *counts) included(t tiles, tree tlog.Tree) error {
	reader := tlog.TileHashReader(tree, t)
	for _, index := range []int64{0, 1, 254, 255, 256, 257, tree.N / 2, 65535, 65536, tree.N - 1} {
		if index >= tree.N {
			continue
		}
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil {
			return err
		}
		data, err := t.entry(index)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(data)); err != nil {
			return fmt.Errorf("entry %d of %d: %w", index, tree.N, err)
		}
		c.Inclusion++
		data[len(data)/2] ^= 1
		c.mustRefuse(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(data)))
	}
	// The proof of one entry alone is empty: no tile is read for it.
	if tree.N > 1 {
		_, err := tlog.ProveRecord(tree.N, tree.N-1, tlog.TileHashReader(tree, tiles{directory: t.directory, bent: true}))
		c.mustRefuse(err)
	}
	return nil
}

func (c *counts) continued(t tiles, old, now tlog.Tree) error {
	proof, err := tlog.ProveTree(now.N, old.N, tlog.TileHashReader(now, t))
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, now.N, now.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("%d to %d: %w", old.N, now.N, err)
	}
	c.Consistency++
	old.Hash[0] ^= 1
	c.mustRefuse(tlog.CheckTree(proof, now.N, now.Hash, old.N, old.Hash))
	return nil
}

func run(directory string, paths []string) (counts, error) {
	told, t := counts{}, tiles{directory: directory}
	vkey, err := os.ReadFile(filepath.Join(directory, "log.vkey"))
	if err != nil {
		return told, err
	}
	log, err := note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return told, err
	}
	var trees []tlog.Tree
	for _, path := range paths {
		tree, err := readCheckpoint(path, log)
		if err != nil {
			return told, err
		}
		trees = append(trees, tree)
		told.Opened++
		told.Sizes = append(told.Sizes, tree.N)
		if err := told.included(t, tree); err != nil {
			return told, err
		}
	}
	for _, now := range trees {
		for _, old := range trees {
			if old.N < now.N {
				if err := told.continued(t, old, now); err != nil {
					return told, err
				}
			}
		}
	}
	return told, nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "Name the exported folder and at least one checkpoint.")
		os.Exit(2)
	}
	told, err := run(os.Args[1], os.Args[2:])
	_ = json.NewEncoder(os.Stdout).Encode(told)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || told.Accepted > 0 {
		os.Exit(1)
	}
}
