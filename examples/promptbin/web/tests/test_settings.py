import unittest
from pathlib import Path

import support  # noqa: F401 (makes the app importable)

from settings import HERE, Settings, SettingsError


class SettingsTest(unittest.TestCase):
    def test_defaults(self):
        settings = Settings.from_environment({"PORT": "", "PROMPTBIN_MODE": ""})
        self.assertEqual(settings, Settings())
        self.assertEqual((settings.host, settings.port, settings.data_dir), ("127.0.0.1", None, HERE / "data"))

    def test_everything(self):
        settings = Settings.from_environment(
            {
                "PORT": "1",
                "PROMPTBIN_PORT": "5001",
                "PROMPTBIN_HOST": "::1",
                "PROMPTBIN_MODE": "mcp-managed",
                "PROMPTBIN_DATA_DIR": "/somewhere",
                "PROMPTBIN_LOG_LEVEL": "warn",
                "PROMPTBIN_PROCESS": "web",
                "PROMPTBIN_RUN": "7",
                "PROMPTBIN_MANAGER_PID": "42",
                "PROMPTBIN_TEST_ROUTES": "1",
            }
        )
        expected = Settings("::1", 5001, "mcp-managed", Path("/somewhere"), "WARNING", "web", 7, 42, True)
        self.assertEqual(settings, expected)
        self.assertTrue(settings.managed)

    def test_bad_values_name_the_variable(self):
        for name, value in (
            ("PORT", "abc"),
            ("PORT", "0"),
            ("PORT", "65536"),
            ("PORT", "-1"),
            ("PORT", " 80"),
            ("PORT", "8_0"),
            ("PORT", "٣"),
            ("PORT", "9" * 5000),
            ("PROMPTBIN_PORT", "abc"),
            ("PROMPTBIN_MODE", "cloud"),
            ("PROMPTBIN_LOG_LEVEL", "loud"),
            ("PROMPTBIN_RUN", "1.5"),
            ("PROMPTBIN_MANAGER_PID", "0"),
            ("PROMPTBIN_TEST_ROUTES", "yes"),
        ):
            with self.subTest(f"{name}={value[:9]}"), self.assertRaisesRegex(SettingsError, f"^{name} must be .*\\.$"):
                Settings.from_environment({name: value})
