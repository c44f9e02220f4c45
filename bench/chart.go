package main

import (
	"fmt"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// writeChart draws the cases that have a limit, one line each: a mark for every
// entry at its ratio to the limit, on a logarithmic axis, with its interval;
// and a bar where the goal is, when that is a ratio to the limit.
func writeChart(out io.Writer, results []*result) error {
	rows := chartRows(results)
	if len(rows) == 0 {
		return fmt.Errorf("a chart needs a workload that has a limit: W1 to W5, W7 or W8")
	}
	p := plot.New()
	p.Title.Text = "Time of an operation, in times the limit (left is better; | is the goal)"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.X.Label.Text = "x limit"
	p.Legend.Top, p.Legend.ThumbnailWidth, p.Legend.Padding = true, vg.Points(34), vg.Points(3)
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(-8), vg.Points(-4)
	p.Legend.TextStyle.Font.Size, p.Y.Tick.Label.Font.Size = vg.Points(9), vg.Points(9)
	for _, f := range []*font.Font{&p.Title.TextStyle.Font, &p.X.Label.TextStyle.Font, &p.X.Tick.Label.Font, &p.Y.Tick.Label.Font, &p.Legend.TextStyle.Font} {
		f.Variant = "Sans" // the viewer has Arial, of the same widths
	}
	var names []string
	for i := range rows {
		names = append(names, rows[len(rows)-1-i].of.title())
	}
	p.NominalY(names...)
	if err := addMarks(p, rows); err != nil {
		return err
	}
	p.X.Min, p.X.Max = math.Min(p.X.Min, 0.7), p.X.Max*6 // room for the legend
	p.Y.Min, p.Y.Max = -0.6, float64(len(rows))-0.4
	c := vgsvg.New(22*vg.Centimeter, font.Length(len(rows)+4)*0.8*vg.Centimeter)
	p.Draw(draw.New(c))
	_, err := c.WriteTo(out)
	return err
}

func chartRows(results []*result) []*result {
	var rows []*result
	for _, r := range results {
		if r.find(limit) != nil && len(r.series) > 1 {
			rows = append(rows, r)
		}
	}
	return rows
}

// addMarks adds a series of marks for each contestant, and the goals.
func addMarks(p *plot.Plot, rows []*result) error {
	for i, c := range contestants() {
		m := new(marked)
		for k, r := range rows {
			if s := r.find(c.name); s != nil {
				m.add(summarize(pairs(s.values, r.find(limit).values, quotient)), float64(len(rows)-1-k))
			}
		}
		if m.XYs == nil {
			continue
		}
		if err := m.draw(p, c.name, i); err != nil {
			return err
		}
	}
	return addGoals(p, rows)
}

func addGoals(p *plot.Plot, rows []*result) error {
	var at plotter.XYs
	for k, r := range rows {
		for _, g := range r.of.goals {
			if g.kind == ratio && g.against == limit {
				at = append(at, plotter.XY{X: g.bound, Y: float64(len(rows) - 1 - k)})
			}
		}
	}
	if at == nil {
		return nil
	}
	goals, err := plotter.NewScatter(at)
	if err != nil {
		return err
	}
	goals.GlyphStyle = draw.GlyphStyle{Color: color.Black, Radius: vg.Points(8), Shape: bar{}}
	p.Add(goals)
	return nil
}

// looks are the colours and shapes of the contestants, in their order; the
// colours are told apart by the colour-blind too.
var looks = []draw.GlyphStyle{
	{Color: color.RGBA{R: 213, G: 42, A: 255}, Shape: draw.CircleGlyph{}, Radius: vg.Points(6)},
	{Color: color.RGBA{R: 213, G: 42, A: 255}, Shape: draw.RingGlyph{}, Radius: vg.Points(4)},
	{Color: color.RGBA{R: 230, G: 159, A: 255}, Shape: draw.CircleGlyph{}, Radius: vg.Points(4)},
	{Color: color.Black, Shape: draw.PyramidGlyph{}, Radius: vg.Points(4)},
	{Color: color.RGBA{R: 110, G: 110, B: 110, A: 255}, Shape: draw.TriangleGlyph{}, Radius: vg.Points(4)},
	{Color: color.RGBA{G: 114, B: 178, A: 255}, Shape: draw.SquareGlyph{}, Radius: vg.Points(4)},
	{Color: color.RGBA{R: 86, G: 180, B: 233, A: 255}, Shape: draw.BoxGlyph{}, Radius: vg.Points(4)},
	{Color: color.RGBA{G: 158, B: 115, A: 255}, Shape: draw.CrossGlyph{}, Radius: vg.Points(4)},
	{Color: color.RGBA{R: 204, G: 121, B: 167, A: 255}, Shape: draw.PlusGlyph{}, Radius: vg.Points(5)},
}

// look is that of contestant i.
func look(i int) draw.GlyphStyle {
	if i < len(looks) {
		return looks[i]
	}
	return draw.GlyphStyle{Color: plotutil.Color(i), Shape: plotutil.Shape(i), Radius: vg.Points(4)}
}

// marked are the marks of one entry.
type marked struct {
	plotter.XYs
	plotter.XErrors
}

func (m *marked) add(s summary, y float64) {
	m.XYs = append(m.XYs, plotter.XY{X: s.Center, Y: y})
	lo, hi := s.Center-s.Lo, s.Hi-s.Center
	if math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		lo, hi = 0, 0
	}
	m.XErrors = append(m.XErrors, struct{ Low, High float64 }{lo, hi})
}

func (m *marked) draw(p *plot.Plot, name string, i int) error {
	points, err := plotter.NewScatter(m.XYs)
	if err != nil {
		return err
	}
	points.GlyphStyle = look(i)
	whiskers, err := plotter.NewXErrorBars(m)
	if err != nil {
		return err
	}
	whiskers.Color, whiskers.CapWidth = points.Color, 0
	p.Add(whiskers, points)
	p.Legend.Add(name, points)
	return nil
}

// bar is a vertical stroke.
type bar struct{}

func (bar) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, pt vg.Point) {
	c.SetLineStyle(draw.LineStyle{Color: sty.Color, Width: vg.Points(2)})
	var path vg.Path
	path.Move(vg.Point{X: pt.X, Y: pt.Y - sty.Radius})
	path.Line(vg.Point{X: pt.X, Y: pt.Y + sty.Radius})
	c.Stroke(path)
}
