package web

import (
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"voordeur/internal/fault"
)

var errNotMultipart = fault.New(fault.UnsupportedType, "not-multipart", "The body must be multipart/form-data.")

// maxFields is how much a form's other fields may take together.
const maxFields = 64 << 10

// Multipart is a form with one file that is read as it arrives, and plain fields before or behind it.
type Multipart struct {
	reader   *multipart.Reader
	file     *multipart.Part
	fileName string
	fields   map[string]string
	room     int64
}

// MultipartStream reads a form up to the file in field name. What follows is read by Fields, after the file.
func MultipartStream(c echo.Context, name string, maxFile int64) (*Multipart, error) {
	stream := Stream(c)
	c.Request().Body = http.MaxBytesReader(c.Response(), io.NopCloser(stream), maxFile+maxFields+64<<10)
	r, err := c.Request().MultipartReader()
	if err != nil {
		return nil, errNotMultipart.Because(err)
	}
	m := &Multipart{reader: r, fileName: name, fields: map[string]string{}, room: maxFields}
	if err := m.advance(); err != nil {
		return nil, err
	}
	if m.file == nil {
		return nil, fault.OnField("/"+name, "required")
	}
	return m, nil
}

// advance reads fields up to the file, or to the end.
func (m *Multipart) advance() error {
	for {
		p, err := m.reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return readError(err)
		}
		if p.FormName() == m.fileName {
			if m.file != nil {
				return fault.OnField("/"+m.fileName, "repeated")
			}
			m.file = p
			return nil
		}
		raw, err := io.ReadAll(io.LimitReader(p, m.room+1))
		if err != nil {
			return readError(err)
		}
		if m.room -= int64(len(raw)); m.room < 0 {
			return errBodyTooLarge
		}
		if _, twice := m.fields[p.FormName()]; twice {
			return fault.OnField("/"+p.FormName(), "repeated")
		}
		m.fields[p.FormName()] = string(raw)
	}
}

// Filename is what the client calls the file. It is not to be trusted.
func (m *Multipart) Filename() string { return m.file.FileName() }

// Read reads the file.
func (m *Multipart) Read(p []byte) (int, error) {
	n, err := m.file.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = readError(err)
	}
	return n, err
}

// Fields reads the rest of the form and fills in, a struct with json tags, as Body would.
func (m *Multipart) Fields(in any) error {
	if _, err := io.Copy(io.Discard, m.file); err != nil {
		return readError(err)
	}
	if err := m.advance(); err != nil {
		return err
	}
	kinds := map[string]reflect.Kind{}
	typ := reflect.TypeOf(in).Elem()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		kinds[name] = typ.Field(i).Type.Kind()
	}
	values := map[string]any{}
	for name, raw := range m.fields {
		kind, known := kinds[name]
		switch {
		case !known:
			return fault.OnField("/"+name, "unknown")
		case kind == reflect.Bool:
			b, err := strconv.ParseBool(raw)
			if err != nil {
				return fault.OnField("/"+name, "type")
			}
			values[name] = b
		case kind == reflect.Pointer && raw == "":
		default:
			values[name] = raw
		}
	}
	body, err := json.Marshal(values)
	if err != nil {
		return errMalformed.Because(err)
	}
	return decode(body, in)
}
