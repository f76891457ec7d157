package office_test

import (
	"testing"

	"voordeur/api/apitest"
	"voordeur/internal/web"
)

func TestMain(m *testing.M) { apitest.Main(m, web.Office) }
