@echo off
rem install.cmd puts this into the user's Startup folder as ed-hotspots.cmd; uninstall.cmd takes it away.
setlocal EnableExtensions DisableDelayedExpansion
set "EDH=%ED_HOTSPOTS_HOME%"
if not defined EDH set "EDH=%USERPROFILE%\ed-hotspots"
if not exist "%EDH%\program\steps\watch.py" exit /b 0
start "ed-hotspots" /min "%EDH%\program\Scripts\python.exe" -E -s "%EDH%\program\steps\watch.py"
exit /b 0
