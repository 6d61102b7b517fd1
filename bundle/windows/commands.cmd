@echo off
rem Opens a window in which every command of the manual works: ed-hotspots --help
setlocal EnableExtensions DisableDelayedExpansion
set "EDH=%ED_HOTSPOTS_HOME%"
if not defined EDH set "EDH=%USERPROFILE%\ed-hotspots"
if not exist "%EDH%\program\Scripts\ed-hotspots.exe" goto missing
set "PATH=%EDH%\program\Scripts;%PATH%"
cd /d "%EDH%"
echo Type, for example:  ed-hotspots places review -w workspace
echo All commands:       ed-hotspots --help
"%COMSPEC%" /k title ed-hotspots: commands
exit /b 0

:missing
echo STOPPED: ed-hotspots is not installed for you. Run install.cmd first.
pause
exit /b 2
