import json
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
                "PROMPTBIN_DEBUG": "1",
                "PROMPTBIN_LOG_FORMAT": "json",
            }
        )
        expected = Settings(
            "::1", 5001, "mcp-managed", Path("/somewhere"), "WARNING", "web", 7, 42, True, True, "json"
        )
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
            ("PROMPTBIN_DEBUG", "2"),
            ("PROMPTBIN_LOG_FORMAT", "xml"),
        ):
            with self.subTest(f"{name}={value[:9]}"), self.assertRaisesRegex(SettingsError, f"^{name} must be .*\\.$"):
                Settings.from_environment({name: value})


class SharedFileTest(support.FolderCase):
    content = {
        "flask": {"port": 5003, "debug": True, "host": "localhost"},
        "mcp": {"health_check_interval": 30, "restart_threshold": 3, "shutdown_timeout": 10},
        "logging": {"level": "WARNING", "format": "json"},
        "runtime": {"mode": "mcp-managed", "data_dir": "/somewhere", "project": "/project", "manager_pid": 42},
        "own": ["anything"],
    }

    def write(self, content):
        self.file = self.folder / "shared.json"
        self.file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return {"PROMPTBIN_CONFIG": str(self.file)}

    def test_it_says_what_the_environment_does_not(self):
        settings = Settings.from_environment(self.write(self.content))
        expected = Settings(
            host="localhost",
            port=5003,
            debug=True,
            mode="mcp-managed",
            data_dir=Path("/somewhere"),
            manager_pid=42,
            log_level="WARNING",
            log_format="json",
        )
        self.assertEqual(settings, expected)

    def test_variables_win_over_it(self):
        variables = {
            "PORT": "1",
            "PROMPTBIN_HOST": "::1",
            "PROMPTBIN_DEBUG": "0",
            "PROMPTBIN_MODE": "managed",
            "PROMPTBIN_DATA_DIR": "/elsewhere",
            "PROMPTBIN_LOG_LEVEL": "error",
            "PROMPTBIN_LOG_FORMAT": "text",
            "PROMPTBIN_MANAGER_PID": "7",
        }
        environment = self.write(self.content) | variables
        self.assertEqual(Settings.from_environment(environment), Settings.from_environment(variables))

    def test_what_it_leaves_out_is_as_without_it(self):
        for content in ({}, {"flask": {}}, {"flask": None, "logging": []}, {"flask": {"port": None, "host": ""}}):
            with self.subTest(content):
                self.assertEqual(Settings.from_environment(self.write(content)), Settings())

    def test_bad_values_name_the_key_and_the_file(self):
        for section, key, value in (
            ("flask", "port", 70000),
            ("flask", "port", 0),
            ("flask", "port", 80.5),
            ("flask", "port", "eighty"),
            ("flask", "port", True),
            ("flask", "debug", "yes"),
            ("flask", "debug", 7),
            ("logging", "level", "loud"),
            ("logging", "level", ["INFO"]),
            ("logging", "format", "xml"),
            ("runtime", "mode", "cloud"),
            ("runtime", "manager_pid", -1),
        ):
            with self.subTest(f"{section}.{key}={value}"):
                environment = self.write({section: {key: value}})
                with self.assertRaisesRegex(SettingsError, f"^{section}.{key} in {self.file} must be .*\\.$"):
                    Settings.from_environment(environment)

    def test_a_file_that_cannot_be_used_is_named(self):
        for content, why in (
            (b"", "is no JSON: line 1, column 1: Expecting value"),
            (b'{"flask": {"port": 50', "is no JSON: line 1, column 22: Expecting ',' delimiter"),
            (b"\xff\xfe", "is no JSON"),
            (b"[" * 200_000, "is no JSON"),
            (b"[]", "holds no object"),
        ):
            with self.subTest(content[:30]), self.assertRaises(SettingsError) as caught:
                Settings.from_environment(self.write(content))
            self.assertEqual(str(caught.exception), f"PROMPTBIN_CONFIG names {self.file}, which {why}.")
        with self.assertRaises(SettingsError) as caught:
            Settings.from_environment({"PROMPTBIN_CONFIG": "/nowhere/shared.json"})
        expected = "PROMPTBIN_CONFIG names /nowhere/shared.json, which cannot be read: No such file or directory."
        self.assertEqual(str(caught.exception), expected)
