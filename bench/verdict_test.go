package main

import "testing"

// TestVerdict: a goal is met when the interval's better end reaches it and
// the median is within 5 %.
func TestVerdict(t *testing.T) {
	base := []float64{10, 10, 10, 10, 10, 10, 10, 10, 10}
	of := func(lo, mid, hi float64) []float64 { return []float64{lo, lo, lo, mid, mid, mid, hi, hi, hi} }
	for _, tt := range []struct {
		name   string
		values []float64
		goal   goal
		want   verdict
	}{
		{"all below", of(15, 16, 17), goal{ratio, limit, 2}, met},
		{"at the bound", of(20, 20, 20), goal{ratio, limit, 2}, met},
		{"median 5 % above, the better end reaches", of(19, 21, 22), goal{ratio, limit, 2}, met},
		{"median 6 % above", of(19, 21.2, 22), goal{ratio, limit, 2}, missed},
		{"median 5 % above, the better end does not reach", of(20.5, 21, 22), goal{ratio, limit, 2}, missed},
		{"one good round is no interval", []float64{10, 30, 30, 30, 30, 30, 30, 30, 30}, goal{ratio, limit, 2}, missed},
		{"figure", of(140, 150, 160), goal{figure, "", 150}, met},
		{"figure above", of(160, 170, 180), goal{figure, "", 150}, missed},
		{"added", of(60, 65, 69), goal{added, limit, 60}, met},
		{"added above", of(75, 80, 85), goal{added, limit, 60}, missed},
		{"few rounds, median at the bound", []float64{20, 20, 20}, goal{ratio, limit, 2}, met},
		{"few rounds, median within 5 % only", []float64{21, 21, 21}, goal{ratio, limit, 2}, missed},
		{"the other was not measured", of(1, 1, 1), goal{ratio, "bufconn", 2}, unmeasured},
	} {
		r := &result{of: &caseOf{}, series: []series{{name: limit, values: base}, {name: emulator, values: tt.values}}}
		if got := r.judge(&r.series[1], tt.goal); got.verdict != tt.want {
			t.Errorf("%s: judge(%v, %v) = %v, want %v", tt.name, tt.values, tt.goal.text("ns"), got.verdict, tt.want)
		}
	}
}

// TestVerdictOnAllocations: they are counted, and the runtime's own few in a
// million operations are nobody's.
func TestVerdictOnAllocations(t *testing.T) {
	for _, tt := range []struct {
		allocs float64
		want   verdict
	}{{0, met}, {0.0001, met}, {0.02, missed}, {1, missed}} {
		r := &result{of: &caseOf{}, series: []series{{name: emulator, allocs: []float64{tt.allocs, tt.allocs, tt.allocs}}}}
		if got := r.judge(&r.series[0], goal{allocs, "", 0}); got.verdict != tt.want {
			t.Errorf("judge(%v allocations, 0) = %v, want %v", tt.allocs, got.verdict, tt.want)
		}
	}
}

// TestRatiosArePaired: a ratio is of figures of one round, whatever the
// machine did between rounds.
func TestRatiosArePaired(t *testing.T) {
	slow := []float64{10, 20, 40, 80, 10, 20, 40, 80, 10}
	twice := pairs(slow, slow, func(x, _ float64) float64 { return 2 * x })
	s := summarize(pairs(twice, slow, quotient))
	if s.Center != 2 || s.Lo != 2 || s.Hi != 2 {
		t.Errorf("summarize = %v [%v, %v], want 2 [2, 2]", s.Center, s.Lo, s.Hi)
	}
}
